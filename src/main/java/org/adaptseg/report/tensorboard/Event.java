package org.adaptseg.report.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One event with its values, as tensorflow/core/util/event.proto and
 * tensorflow/core/framework/summary.proto have it, framed as a TFRecord. A value that is no number
 * is left out: a chart could not show it.
 */
public final class Event {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HEIGHT = 1;
  private static final int WIDTH = 2;
  private static final int COLORSPACE = 3;
  private static final int ENCODED_IMAGE = 4;
  private static final int RGB = 3;

  private static final int MASK = 0xa282ead8;

  private final ProtoWriter summary = new ProtoWriter();
  private final double time;
  private final long step;

  /**
   * An event without values.
   *
   * @param time seconds since 1970
   * @param step iteration
   */
  public Event(double time, long step) {
    this.time = time;
    this.step = step;
  }

  /** Adds a number. */
  public Event scalar(String tag, double value) {
    if (Double.isFinite(value)) {
      summary.message(VALUE, new ProtoWriter().text(TAG, tag).float32(SIMPLE_VALUE, (float) value));
    }
    return this;
  }

  /**
   * Adds a picture.
   *
   * @param file the picture as a PNG or JPEG file of the given size
   */
  public Event image(String tag, int width, int height, byte[] file) {
    ProtoWriter image =
        new ProtoWriter()
            .int64(HEIGHT, height)
            .int64(WIDTH, width)
            .int64(COLORSPACE, RGB)
            .bytes(ENCODED_IMAGE, file);
    summary.message(VALUE, new ProtoWriter().text(TAG, tag).message(IMAGE, image));
    return this;
  }

  /** The event as a record of an event file. */
  public byte[] toRecord() {
    return frame(
        new ProtoWriter()
            .float64(WALL_TIME, time)
            .int64(STEP, step)
            .message(SUMMARY, summary)
            .toBytes());
  }

  /**
   * The record that every event file begins with.
   *
   * @param time seconds since 1970
   */
  public static byte[] header(double time) {
    return frame(
        new ProtoWriter().float64(WALL_TIME, time).text(FILE_VERSION, "brain.Event:2").toBytes());
  }

  /** Length, checksum of the length, data, checksum of the data; little-endian. */
  private static byte[] frame(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), Long.BYTES));
    record.put(data);
    record.putInt(masked(data, data.length));
    return record.array();
  }

  /** The CRC-32C of TFRecords, rotated and shifted: a checksum of checksums is a bad one. */
  private static int masked(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
