package org.adaptseg.nn.training;

/** Which kind of image a prediction is of; predictions of both are alive at once. */
public enum Domain {
  SOURCE,
  TARGET
}
