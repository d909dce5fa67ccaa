package org.adaptseg.spark.round;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Locale;
import org.adaptseg.spark.task.FloatBlock;
import org.adaptseg.spark.task.ReportBytes;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * How the records of a round travel through the shuffle, whatever serializer the session has: the
 * key as 8 bytes, the length of the value as 4, the value. A value is an array of bytes or, where
 * it is written first, a {@link StateSlice}; it is read as bytes. Spark's serializers read a value
 * in pieces of a few kilobytes, one call of the system each.
 *
 * <p>It does not say that records may be moved once they are serialised, though they may: then
 * Spark's writer would serialise them to memory, sort them there and copy them to the file. As it
 * is, the writer sorts the records, which are small as long as slices lie in their states, and
 * serialises straight to the file.
 */
final class SliceSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1L;

  /** As a report; slices are far below. */
  private static final int MOST_BYTES = ReportBytes.MOST_BYTES;

  /** Java reads larger pieces of a file through memory that it asks the system for. */
  private static final int PIECE = 1 << 15;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Records(new DataOutputStream(out));
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new RecordsRead(new DataInputStream(in));
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
      throw onlyRecords();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw onlyRecords();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw onlyRecords();
    }
  }

  private static final class Records extends SerializationStream {
    private final DataOutputStream out;
    private final FloatBlock block = new FloatBlock();

    Records(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public <T> SerializationStream writeKey(T key, ClassTag<T> tag) {
      unchecked(() -> out.writeLong((Long) key));
      return this;
    }

    @Override
    public <T> SerializationStream writeValue(T value, ClassTag<T> tag) {
      unchecked(
          () -> {
            if (value instanceof StateSlice slice) {
              out.writeInt(slice.length());
              slice.write(out, block);
            } else {
              byte[] bytes = (byte[]) value;
              out.writeInt(bytes.length);
              out.write(bytes);
            }
          });
      return this;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> tag) {
      throw onlyRecords();
    }

    @Override
    public void flush() {
      unchecked(out::flush);
    }

    @Override
    public void close() {
      unchecked(out::close);
    }
  }

  private static final class RecordsRead extends DeserializationStream {
    private final DataInputStream in;
    private final byte[] key = new byte[Long.BYTES];
    private final byte[] size = new byte[Integer.BYTES];

    /** Whether the key of the next record was read already. */
    private boolean begun;

    RecordsRead(DataInputStream in) {
      this.in = in;
    }

    @Override
    public scala.collection.Iterator<Tuple2<Object, Object>> asKeyValueIterator() {
      return JavaConverters.asScalaIterator(new ToTheEnd(this));
    }

    /** Whether there is another record; waits for it. */
    boolean goesOn() {
      if (!begun) {
        try {
          int length = in.readNBytes(key, 0, key.length);
          if (length > 0 && length < key.length) {
            throw cannotRead(new EOFException());
          }
          begun = length > 0;
        } catch (IOException e) {
          throw cannotRead(e);
        }
      }
      return begun;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readKey(ClassTag<T> tag) {
      if (!goesOn()) {
        throw cannotRead(new EOFException());
      }
      begun = false;
      return (T) (Long) ByteBuffer.wrap(key).getLong();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readValue(ClassTag<T> tag) {
      try {
        in.readFully(size);
        int length = ByteBuffer.wrap(size).getInt();
        if (length < 0 || length > MOST_BYTES) {
          throw new StreamCorruptedException(
              String.format(Locale.ROOT, "expected 0 to %d bytes, found %d", MOST_BYTES, length));
        }
        byte[] bytes = new byte[length];
        for (int start = 0; start < length; start += PIECE) {
          in.readFully(bytes, start, Math.min(PIECE, length - start));
        }
        return (T) bytes;
      } catch (IOException e) {
        throw cannotRead(e);
      }
    }

    private static UncheckedIOException cannotRead(IOException e) {
      String what =
          e instanceof EOFException ? "expected more of it, found its end" : e.getMessage();
      return new UncheckedIOException("Cannot read a record of the shuffle: " + what, e);
    }

    @Override
    public <T> T readObject(ClassTag<T> tag) {
      throw onlyRecords();
    }

    @Override
    public void close() {
      unchecked(in::close);
    }
  }

  private record ToTheEnd(RecordsRead from) implements Iterator<Tuple2<Object, Object>> {
    @Override
    public boolean hasNext() {
      return from.goesOn();
    }

    @Override
    public Tuple2<Object, Object> next() {
      return new Tuple2<>(
          from.readKey(ClassTag$.MODULE$.Any()), from.readValue(ClassTag$.MODULE$.Any()));
    }
  }

  @FunctionalInterface
  private interface StreamAction {
    void run() throws IOException;
  }

  /** Spark's streams declare no exceptions. */
  private static void unchecked(StreamAction action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static UnsupportedOperationException onlyRecords() {
    return new UnsupportedOperationException(
        "Cannot serialise: expected a record of the shuffle, found a single object");
  }
}
