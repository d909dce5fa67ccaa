package org.adaptseg.testing;

import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Feeds a parser mutated inputs, the same ones for the same seed. An input passes if the parser
 * returns or throws what it declares, with a message, within bounds of time and memory. Time is
 * that of the processor, because machines that test have other things to do; whoever waits for ever
 * is left to the caller's timeout.
 */
public final class Fuzz {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int[] EDGES = {
    0, 1, 2, 4, 127, 128, 255, 256, 32_767, 65_535, 1 << 24, Integer.MAX_VALUE, -1, -2
  };
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Fuzz() {}

  /** What is tested. */
  @FunctionalInterface
  public interface Parser {
    /** Parses one input; the result does not matter. */
    void parse(byte[] input) throws Exception;
  }

  /** Makes an input of one that is well formed. */
  @FunctionalInterface
  public interface Mutator {
    /**
     * @param seed not written to
     */
    byte[] mutate(byte[] seed, SplittableRandom random);
  }

  /** How often a parser took an input and how often it refused one. */
  public record Outcome(int accepted, int refused, long mostBytes, Duration longest) {
    private static final Outcome NONE = new Outcome(0, 0, 0, Duration.ZERO);

    private Outcome and(Outcome other) {
      return new Outcome(
          accepted + other.accepted,
          refused + other.refused,
          Math.max(mostBytes, other.mostBytes),
          longest.compareTo(other.longest) > 0 ? longest : other.longest);
    }
  }

  /**
   * Runs a parser on mutations of some seeds.
   *
   * @param inputs number of inputs
   * @param bytes what one input may allocate at most
   * @param declared what the parser may throw
   */
  public static Outcome run(
      int inputs,
      List<byte[]> seeds,
      Mutator mutator,
      long bytes,
      Class<? extends Exception> declared,
      Parser parser) {
    return new Inputs(inputs, seeds, mutator).feed(parser, bytes, declared);
  }

  /** As the other, with the same inputs, for a parser that may be called by several threads. */
  public static Outcome runInParallel(
      int inputs,
      List<byte[]> seeds,
      Mutator mutator,
      long bytes,
      Class<? extends Exception> declared,
      Parser parser) {
    Inputs all = new Inputs(inputs, seeds, mutator);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Outcome>> parts =
          pool.invokeAll(Collections.nCopies(threads, () -> all.feed(parser, bytes, declared)));
      Outcome sum = Outcome.NONE;
      for (Future<Outcome> part : parts) {
        sum = sum.and(part.get());
      }
      return sum;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** The inputs of one run, the same ones in the same order whoever asks for them. */
  private static final class Inputs {
    private final int inputs;
    private final List<byte[]> seeds;
    private final Mutator mutator;
    private final SplittableRandom random = new SplittableRandom(20_180_618);
    private int given;

    Inputs(int inputs, List<byte[]> seeds, Mutator mutator) {
      this.inputs = inputs;
      this.seeds = seeds;
      this.mutator = mutator;
    }

    private record Input(int number, byte[] bytes) {}

    private synchronized Input next() {
      if (given == inputs) {
        return null;
      }
      byte[] seed = seeds.get(random.nextInt(seeds.size()));
      return new Input(given++, mutator.mutate(seed, random.split()));
    }

    Outcome feed(Parser parser, long bytes, Class<? extends Exception> declared) {
      Outcome sum = Outcome.NONE;
      for (Input input = next(); input != null; input = next()) {
        sum = sum.and(parse(input, parser, bytes, declared));
      }
      return sum;
    }

    private static Outcome parse(
        Input input, Parser parser, long bytes, Class<? extends Exception> declared) {
      int i = input.number();
      byte[] copy = input.bytes().clone();
      int refused = 0;
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long begin = THREADS.getCurrentThreadCpuTime();
      try {
        parser.parse(input.bytes());
      } catch (Exception e) {
        if (!declared.isInstance(e) || e.getMessage() == null || e.getMessage().isBlank()) {
          fail("input %d: undeclared %s%n%s", i, e, shown(copy), e);
        }
        refused = 1;
      } catch (Error e) {
        fail("input %d: %s%n%s", i, e, shown(copy), e);
      }
      long time = THREADS.getCurrentThreadCpuTime() - begin;
      allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      if (time > LONGEST.toNanos()) {
        fail("input %d took %d ms%n%s", i, time / 1_000_000, shown(copy));
      }
      if (allocated > bytes) {
        fail("input %d allocated %d bytes, at most %d may%n%s", i, allocated, bytes, shown(copy));
      }
      return new Outcome(1 - refused, refused, allocated, Duration.ofNanos(time));
    }
  }

  private static String shown(byte[] input) {
    byte[] head = input.length > 6000 ? Arrays.copyOf(input, 6000) : input;
    return input.length + " bytes, Base64: " + Base64.getEncoder().encodeToString(head);
  }

  /** One to eight changes of bytes, wherever they fall. */
  public static byte[] bytes(byte[] seed, SplittableRandom random) {
    byte[] input = seed.clone();
    for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
      input = change(input, random);
    }
    return input;
  }

  private static byte[] change(byte[] input, SplittableRandom random) {
    if (input.length == 0) {
      return some(random, 16);
    }
    int at = random.nextInt(input.length);
    int length = 1 + random.nextInt(Math.min(64, input.length));
    int end = Math.min(input.length, at + length);
    switch (random.nextInt(8)) {
      case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> input[at] = (byte) random.nextInt(256);
      case 2 -> {
        if (at + 4 <= input.length) {
          ByteBuffer.wrap(input).putInt(at, edge(random));
        }
      }
      case 3 -> {
        if (at + 2 <= input.length) {
          ByteBuffer.wrap(input).putShort(at, (short) edge(random));
        }
      }
      case 4 -> {
        return splice(input, at, end, new byte[0]);
      }
      case 5 -> {
        return splice(input, at, at, Arrays.copyOfRange(input, at, end));
      }
      case 6 -> {
        return splice(input, at, at, some(random, 32));
      }
      default -> {
        return random.nextInt(4) == 0 ? Arrays.copyOf(input, at) : input;
      }
    }
    return input;
  }

  /** A number at which sizes and signs go wrong. */
  public static int edge(SplittableRandom random) {
    return EDGES[random.nextInt(EDGES.length)];
  }

  /** Up to {@code most} random bytes. */
  public static byte[] some(SplittableRandom random, int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The input with the bytes from {@code from} to {@code to} replaced. */
  public static byte[] splice(byte[] input, int from, int to, byte[] by) {
    byte[] result = new byte[input.length - (to - from) + by.length];
    System.arraycopy(input, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(input, to, result, from + by.length, input.length - to);
    return result;
  }
}
