package org.adaptseg.config.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text files as programs of any system write them. */
public final class Texts {
  private Texts() {}

  /**
   * The text: UTF-8, with or without a byte order mark, or UTF-16 with one. What is no such text
   * becomes U+FFFD in place of what cannot be decoded.
   */
  public static String decode(byte[] bytes) {
    if (begins(bytes, 0xEF, 0xBB, 0xBF)) {
      return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
    }
    if (begins(bytes, 0xFF, 0xFE) || begins(bytes, 0xFE, 0xFF)) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Whether the bytes are text: in one of the encodings that {@link #decode} knows, without a NUL.
   */
  public static boolean isText(byte[] bytes) {
    boolean wide = begins(bytes, 0xFF, 0xFE) || begins(bytes, 0xFE, 0xFF);
    Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      return charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString()
              .indexOf('\0')
          < 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean begins(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
