package org.adaptseg.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What people have in place of a PNG or JPEG file, by its first bytes. */
enum OtherFormat {
  WEBP("a WebP picture", "RIFF.{4}WEBP.*"),
  GIF("a GIF picture", "GIF8.*"),
  TIFF("a TIFF picture", "(II\\*\0|MM\0\\*|II\\+\0|MM\0\\+).*"),
  BMP("a BMP picture", "BM.{4}\0{4}.*"),
  HEIF("a HEIC or AVIF picture", ".{4}ftyp(hei|hev|mif1|msf1|avi).*"),
  JPEG_2000("a JPEG 2000 picture", "(\0{3}\fjP  |\u00ff\u004f\u00ff\u0051).*"),
  JPEG_XL("a JPEG XL picture", "(\u00ff\n|\0{3}\fJXL ).*"),
  NETPBM("a PNM picture (PBM, PGM or PPM)", "P[1-7]\\s.*"),
  NUMPY("a NumPy array", "\u0093NUMPY.*"),
  LFS(
      "a pointer of Git LFS, whose file is not here (git lfs pull)",
      "version https://git-lfs\\.github\\.com.*"),
  WEB_PAGE(
      "a web page, such as a download that needs a login gives",
      "\\s*(?i:<!doctype html|<html|<head|<\\?xml).*"),
  ARCHIVE("an archive that is not unpacked", "(PK\u0003\u0004|\u001f\u008b|BZh|7z\u00bc\u00af).*"),
  NOTHING("only bytes of 0, as from a copy or download that was interrupted", "\0{8,}");

  private static final int LONGEST = 64;

  private final String shown;
  private final Pattern begin;

  OtherFormat(String shown, String begin) {
    this.shown = shown;
    this.begin = Pattern.compile(begin, Pattern.DOTALL);
  }

  /** The format of a file, or of its beginning; empty if it is none of these. */
  static Optional<OtherFormat> of(byte[] file) {
    int length = Math.min(LONGEST, file.length);
    String head = new String(file, 0, length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values()).filter(f -> f.begin.matcher(head).matches()).findFirst();
  }

  /** For a message. */
  String shown() {
    return shown;
  }
}
