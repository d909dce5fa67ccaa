package org.adaptseg.report.tensorboard;

import java.awt.image.BufferedImage;
import org.adaptseg.data.image.PictureFile;
import org.adaptseg.metrics.ConfusionMatrix;

/**
 * A confusion matrix as a picture: row by row from the top the true classes, column by column the
 * predicted ones, from white (no pixel of the true class) to dark blue (all of them). Classes
 * without a pixel are grey.
 */
record MatrixPicture(int side, byte[] png) {
  private static final int LEAST_SIDE = 320;
  private static final int NO_PIXELS = 0xE0E0E0;
  private static final int[] NONE = {255, 255, 255};
  private static final int[] ALL = {8, 48, 107};

  static MatrixPicture of(ConfusionMatrix matrix) {
    int classes = matrix.classes();
    int cell = Math.max(1, LEAST_SIDE / classes);
    int side = classes * cell;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int truth = 0; truth < classes; truth++) {
      long total = 0;
      for (int predicted = 0; predicted < classes; predicted++) {
        total += matrix.count(truth, predicted);
      }
      for (int predicted = 0; predicted < classes; predicted++) {
        int color = total == 0 ? NO_PIXELS : color((double) matrix.count(truth, predicted) / total);
        for (int pixel = 0; pixel < cell * cell; pixel++) {
          image.setRGB(predicted * cell + pixel % cell, truth * cell + pixel / cell, color);
        }
      }
    }
    return new MatrixPicture(side, png(image));
  }

  private static int color(double fraction) {
    int rgb = 0;
    for (int channel = 0; channel < NONE.length; channel++) {
      long value = Math.round(NONE[channel] + fraction * (ALL[channel] - NONE[channel]));
      rgb = rgb << Byte.SIZE | (int) value;
    }
    return rgb;
  }

  private static byte[] png(BufferedImage image) {
    return PictureFile.encode(image, "png");
  }
}
