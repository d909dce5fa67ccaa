package org.adaptseg.data.streets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.adaptseg.data.random.SplitMix64;

/**
 * The layout of a street, in metres and fractions of the picture, so that it can be drawn at any
 * size. Both domains draw their scenes from this one distribution.
 *
 * @param horizon height of the horizon as a fraction of the picture's height from the top
 * @param centre vanishing point as a fraction of the picture's width
 * @param left the left half of the street
 * @param right the right half
 * @param end distance of what closes the street, in metres
 * @param closing what closes it; its {@code end} is not used
 * @param things what stands in the street, farthest first
 */
record StreetScene(
    double horizon,
    double centre,
    Side left,
    Side right,
    double end,
    Block closing,
    List<Thing> things) {

  /** Height of the camera above the ground in metres. */
  static final double CAMERA_HEIGHT = 1.5;

  /** Nearest distance at which anything stands, in metres. */
  private static final double NEAR = 3.5;

  /**
   * One half of the street.
   *
   * @param road from the middle to the kerb, in metres
   * @param wall from the middle to the building line, in metres
   * @param blocks what stands along the building line, nearest first
   */
  record Side(double road, double wall, List<Block> blocks) {
    /** The block at a distance; the last one has no end. */
    Block at(double z) {
      for (Block block : blocks) {
        if (z < block.end()) {
          return block;
        }
      }
      return blocks.get(blocks.size() - 1);
    }
  }

  StreetScene {
    things = List.copyOf(things);
  }

  /** The scene number {@code index} of a seed. */
  static StreetScene sample(long seed, long index) {
    SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, index));
    double end = random.uniform(45, 90);
    Side left = side(random, end, 1000);
    Side right = side(random, end, 2000);
    StreetClass closingKind = random.chance(0.5) ? StreetClass.BUILDING : StreetClass.VEGETATION;
    Block closing = new Block(closingKind, end, random.uniform(5, 12), 3000);
    List<Thing> things = new ArrayList<>();
    for (int side = -1; side <= 1; side += 2) {
      addStanding(things, random, side, side < 0 ? left : right);
    }
    addCars(things, random, left, right);
    addPersons(things, random, left, right);
    things.sort(Comparator.comparingDouble(Thing::z).reversed());
    return new StreetScene(
        random.uniform(0.36, 0.48), random.uniform(0.4, 0.6), left, right, end, closing, things);
  }

  private static Side side(SplitMix64 random, double end, int firstId) {
    double road = random.uniform(3, 6.5);
    double wall = road + random.uniform(1.8, 4.5);
    List<Block> blocks = new ArrayList<>();
    double z = 0;
    while (z < end) {
      z += random.uniform(6, 18);
      boolean building = random.chance(0.68);
      double height = building ? random.uniform(5, 15) : random.uniform(1.2, 6);
      StreetClass kind = building ? StreetClass.BUILDING : StreetClass.VEGETATION;
      blocks.add(new Block(kind, z, height, firstId + blocks.size()));
    }
    return new Side(road, wall, List.copyOf(blocks));
  }

  /** Trees and poles along the kerb. */
  private static void addStanding(List<Thing> things, SplitMix64 random, int side, Side half) {
    int trees = random.nextInt(3);
    for (int i = 0; i < trees; i++) {
      double x = side * (half.road() + random.uniform(0.6, half.wall() - half.road()));
      double height = random.uniform(4, 7);
      double width = height * random.uniform(0.5, 0.75);
      things.add(thing(things, StreetClass.VEGETATION, x, random.uniform(7, 35), width, height));
    }
    int poles = 1 + random.nextInt(3);
    for (int i = 0; i < poles; i++) {
      double x = side * (half.road() + random.uniform(0.2, 0.7));
      double height = random.uniform(3.5, 7);
      double z = random.uniform(NEAR, 16);
      things.add(thing(things, StreetClass.POLE, x, z, random.uniform(0.6, 0.8), height));
    }
  }

  private static void addCars(List<Thing> things, SplitMix64 random, Side left, Side right) {
    int cars = 1 + random.nextInt(4);
    for (int i = 0; i < cars; i++) {
      boolean onLeft = random.chance(0.5);
      double road = onLeft ? left.road() : right.road();
      boolean sideways = random.chance(0.3);
      double width = sideways ? random.uniform(3.6, 4.6) : random.uniform(1.7, 2);
      double across = sideways ? random.uniform(0, road) : random.uniform(0.9, road - 0.9);
      double x = (onLeft ? -1 : 1) * across;
      double height = random.uniform(1.4, 1.9);
      things.add(thing(things, StreetClass.CAR, x, random.uniform(6, 24), width, height));
    }
  }

  private static void addPersons(List<Thing> things, SplitMix64 random, Side left, Side right) {
    int persons = 1 + random.nextInt(5);
    for (int i = 0; i < persons; i++) {
      boolean onLeft = random.chance(0.5);
      Side half = onLeft ? left : right;
      double across =
          random.chance(0.2)
              ? random.uniform(0, half.road())
              : random.uniform(half.road() + 0.3, half.wall() - 0.3);
      double x = (onLeft ? -1 : 1) * across;
      double height = random.uniform(1.5, 1.95);
      double width = height * random.uniform(0.3, 0.42);
      things.add(thing(things, StreetClass.PERSON, x, random.uniform(NEAR, 13), width, height));
    }
  }

  private static Thing thing(
      List<Thing> before, StreetClass kind, double x, double z, double width, double height) {
    return new Thing(kind, x, z, width, height, before.size());
  }
}
