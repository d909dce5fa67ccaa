package org.adaptseg.nn;

import org.adaptseg.config.Level;

/**
 * Names of the vectors of a learner's state, as checkpoints and messages have them. The networks'
 * names also seed their initial values, so to change one changes every run.
 */
public final class StateNames {
  /** The generator. */
  public static final String GENERATOR = "generator";

  /** The generator's flat vector: parameters and running statistics. */
  public static final String GENERATOR_PARAMETERS = GENERATOR + ".parameters";

  /** The generator's momentum. */
  public static final String GENERATOR_VELOCITY = GENERATOR + ".velocity";

  /** The mean teacher's flat vector: parameters and running statistics. */
  public static final String TEACHER_PARAMETERS = "teacher.parameters";

  private StateNames() {}

  /** The discriminator of a level. */
  public static String discriminator(Level level) {
    return "discriminator-" + level.name();
  }

  /** The flat vector of a level's discriminator. */
  public static String discriminatorParameters(Level level) {
    return discriminator(level) + ".parameters";
  }

  /** Adam's first moment of a level's discriminator. */
  public static String firstMoment(Level level) {
    return discriminator(level) + ".adam-m";
  }

  /** Adam's second moment of a level's discriminator. */
  public static String secondMoment(Level level) {
    return discriminator(level) + ".adam-v";
  }
}
