package org.adaptseg.train.inference;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Model;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.prediction.PixelPrediction;
import org.adaptseg.data.prediction.PredictionInput;
import org.adaptseg.data.prediction.PredictionWriter;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.training.Segmenter;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;
import org.adaptseg.train.inference.ViewedSegmenter.Wanted;
import org.apache.hadoop.conf.Configuration;

/**
 * Predicts image files as evaluation does, at the image's own size. A worker holds one image at a
 * time; docs/operations.md says what it takes.
 *
 * @param model sizes of the networks
 * @param arithmetic what numbers are computed in and with
 * @param images what is predicted
 * @param writer where to and in what form
 * @param width of the network's input
 * @param height of the network's input
 * @param maxPixels images with more pixels are a problem
 * @param normalisation how pixels become the network's input
 * @param views how images are looked at
 * @param hadoop how workers reach file systems
 */
public record ImagePredictorFactory(
    Model model,
    Arithmetic arithmetic,
    PredictionInput images,
    PredictionWriter writer,
    int width,
    int height,
    long maxPixels,
    Normalisation normalisation,
    Views views,
    HadoopSettings hadoop)
    implements PredictorFactory {

  @Override
  public int size() {
    return images.images().size();
  }

  @Override
  public Predictor create(LearnerState state) {
    return new ImagePredictor(this, state);
  }

  /** Makes its network when it meets the first image that is not done. */
  private static final class ImagePredictor implements Predictor {
    private final ImagePredictorFactory plan;
    private final Configuration hadoop;
    private final ImageDecoder decoder;
    private final ViewedSegmenter segmenter;

    ImagePredictor(ImagePredictorFactory plan, LearnerState state) {
      this.plan = plan;
      this.hadoop = plan.hadoop().configuration();
      this.decoder = new ImageDecoder(plan.maxPixels());
      this.segmenter =
          new ViewedSegmenter(
              () ->
                  new Segmenter(
                      Networks.architecture(plan.model(), plan.writer().space().size()),
                      state.values(StateNames.GENERATOR_PARAMETERS),
                      plan.model().alignCorners(),
                      plan.arithmetic()),
              plan.views());
    }

    @Override
    public boolean isDone(int index) throws IOException {
      return plan.writer().isComplete(plan.images().images().get(index).name(), hadoop);
    }

    @Override
    public Optional<String> predict(int index, String attempt) throws IOException {
      PredictionInput.Item item = plan.images().images().get(index);
      AtomicReference<String> problem = new AtomicReference<>();
      Optional<RgbImage> image = PredictionInput.load(item, decoder, hadoop, problem::set);
      if (image.isPresent()) {
        plan.writer().write(item.name(), attempt, image.get(), predicted(image.get()), hadoop);
      }
      return Optional.ofNullable(problem.get());
    }

    private PixelPrediction predicted(RgbImage image) {
      List<ScaledImage> scaled =
          ScaledImage.of(
              image,
              plan.width(),
              plan.height(),
              plan.views(),
              plan.normalisation(),
              Engines.images(plan.arithmetic()));
      PredictionWriter writer = plan.writer();
      return segmenter.predict(
          scaled,
          image.height(),
          image.width(),
          new Wanted(writer.needsConfidence(), writer.needsEntropy(), writer.planes()));
    }

    @Override
    public void close() {
      segmenter.close();
    }
  }
}
