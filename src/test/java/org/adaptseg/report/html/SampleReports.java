package org.adaptseg.report.html;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.report.gallery.Picture;
import org.apache.hadoop.conf.Configuration;

/** Runs that were never made, in every respect as large as a report allows. */
public final class SampleReports {
  private SampleReports() {}

  /** A configuration of Cityscapes' classes. */
  public static RunConfig config(String name, String phase, String... overrides) {
    String drawn = "{dataset: synthetic-target, split: val, width: 64, height: 32}";
    String yaml =
        """
        run: {name: %s}
        schedule: {phases: [{phase: %s, iterations: 150000}]}
        output: {dir: "s3a://KEYID@bucket/runs?token=SESAME"}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        """
            .formatted(name, phase, drawn, drawn, drawn);
    return ConfigLoader.load(yaml, "sample", List.of(overrides));
  }

  /** A run whose pictures are noise, which compresses worst. */
  public static ReportedRun run(Path directory, RunConfig config, LabelSpace classes)
      throws IOException {
    SplitMix64 random = new SplitMix64(config.run().name().hashCode());
    List<String> lines = new ArrayList<>();
    ObjectMapper mapper = new ObjectMapper();
    for (long i = 0; i < 150_000; i += 50) {
      double loss = 1 + 2000.0 / (i + 1000) + random.nextInt(1000) / 2e3;
      lines.add(
          """
          {"kind":"iteration","iteration":%d,"segmentation":{"aux":%s,"main":%s},\
          "adversarial":{"main":%s},"discriminator":{"main":%s}}\
          """
              .formatted(i, loss + 1, loss, loss / 3, loss / 2));
    }
    for (long at = 5000; at <= 150_000; at += 5000) {
      lines.add(mapper.writeValueAsString(evaluation(at, classes, random)));
    }
    lines.add("{\"kind\":\"round\",\"seconds\":86000.5}");
    Files.createDirectories(directory);
    Files.write(directory.resolve("metrics.jsonl"), lines);
    return new ReportedRun(
        config,
        classes,
        Optional.of(
            new RunFacts(
                Map.of("project", "0.1.0", "java", "17.0.15", "spark", "3.5.5"),
                Map.of("source", 24966L, "target", 2975L, "evaluation", 500L))),
        RunHistory.read(
            new org.apache.hadoop.fs.Path(directory.toUri()),
            150_000,
            classes.names(),
            new Configuration()),
        gallery(classes, random));
  }

  /** Cityscapes' classes. */
  public static LabelSpace cityscapes() {
    return ResolvedData.labelSpace("cityscapes-19");
  }

  private static Map<String, Object> evaluation(
      long iteration, LabelSpace classes, SplitMix64 random) {
    int n = classes.size();
    Map<String, Double> iou = new LinkedHashMap<>();
    long[][] confusion = new long[n][n];
    for (int t = 0; t < n; t++) {
      iou.put(classes.names().get(t), t == n - 1 ? null : random.nextInt(1000) / 1e3);
      for (int p = 0; p < n; p++) {
        confusion[t][p] = t == n - 1 ? 0 : t == p ? 9_000_000_000L : random.nextInt(1 << 30);
      }
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kind", "evaluation");
    line.put("iteration", iteration);
    line.put("miou", 0.3 + iteration / 1e6 + random.nextInt(1000) / 2e4);
    line.put("iou", iou);
    line.put("confusion", confusion);
    line.put("calibration_error", random.nextInt(1000) / 1e4);
    return line;
  }

  private static List<GalleryEntry> gallery(LabelSpace classes, SplitMix64 random) {
    int width = 512;
    int height = GalleryPainter.MOST_PIXELS / width;
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = 0; i < GalleryPainter.MOST_IMAGES; i++) {
      byte[] rgb = new byte[3 * width * height];
      byte[] labels = new byte[width * height];
      float[] entropy = new float[width * height];
      for (int k = 0; k < labels.length; k++) {
        labels[k] = (byte) random.nextInt(classes.size());
        entropy[k] = random.nextInt(1000) / 1e3f;
        rgb[3 * k] = (byte) random.nextInt(256);
      }
      Picture map = Picture.heat(entropy, width, height);
      Picture labelled = Picture.labels(new LabelImage(height, width, labels), classes);
      entries.add(
          new GalleryEntry(
              "leftImg8bit/val/frankfurt/frankfurt_000001_0" + i + "_leftImg8bit.png",
              Picture.photo(new RgbImage(height, width, rgb)),
              labelled,
              labelled,
              0.875,
              List.of(
                  new GalleryEntry.LevelMap("aux", map, 0.5),
                  new GalleryEntry.LevelMap("main", map, 0.25))));
    }
    return entries;
  }
}
