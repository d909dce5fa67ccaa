package org.adaptseg.engine.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.FeatureShape;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * An activation regrouped for a convolution of dilation d: image (i, j) of d² holds the pixels (i +
 * d·y, j + d·x), so that the convolution becomes a dense one. The images are ⌈H/d⌉ × ⌈W/d⌉; where
 * that is more than there are pixels, an argument that is read is zero. Float32 only.
 */
final class DnnlRegrouped implements DnnlActivation {
  private final DnnlContext context;
  private final String slot;
  private final memory.desc desc;
  private final memory memory;
  private final List<Part> parts = new ArrayList<>();
  private final Map<List<Integer>, Copies> copies = new HashMap<>();

  /** One of the d² images, and where it begins in both layouts. */
  private record Part(long kept, long grouped, Copies copies) {}

  private record Copies(DnnlReorder in, DnnlReorder out) {}

  /**
   * @param slot scratch slot of the regrouped copy; what is read and what is written differ
   */
  DnnlRegrouped(DnnlContext context, FeatureShape s, int dilation, String slot) {
    this.context = context;
    this.slot = slot + "/" + dilation + "/" + s;
    this.desc = context.blocked(shape(s, dilation));
    this.memory = context.unbound(desc);
    int d = dilation;
    long b = context.block;
    long blocks = (s.channels() + b - 1) / b;
    FeatureShape group = shape(s, d);
    long[] keptStrides = {s.height() * s.width() * b, d * s.width() * b, d * b, 1};
    long[] groupStrides = {group.height() * group.width() * b, group.width() * b, b, 1};
    for (int n = 0; n < s.images(); n++) {
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          int h = (s.height() - i + d - 1) / d;
          int w = (s.width() - j + d - 1) / d;
          Copies c =
              copies.computeIfAbsent(
                  List.of(h, w),
                  k -> copies(new long[] {blocks, h, w, b}, keptStrides, groupStrides));
          long kept = n * blocks * keptStrides[0] + ((long) i * s.width() + j) * b;
          long grouped = ((long) (n * d + i) * d + j) * blocks * groupStrides[0];
          parts.add(new Part(kept, grouped, c));
        }
      }
    }
  }

  private Copies copies(long[] dims, long[] kept, long[] grouped) {
    memory.desc k = DnnlContext.strided(org.bytedeco.dnnl.memory.data_type.f32, dims, kept);
    memory.desc g = DnnlContext.strided(org.bytedeco.dnnl.memory.data_type.f32, dims, grouped);
    return new Copies(new DnnlReorder(context, k, g, false), new DnnlReorder(context, g, k, false));
  }

  /** Shape of the d² images together. */
  static FeatureShape shape(FeatureShape s, int d) {
    return new FeatureShape(
        s.images() * d * d, s.channels(), (s.height() + d - 1) / d, (s.width() + d - 1) / d);
  }

  @Override
  public memory memory() {
    return memory;
  }

  @Override
  public void read(FloatPointer array) {
    FloatPointer copy = context.zeroPadded(slot, desc.get_size());
    for (Part p : parts) {
      p.copies().in().run(array.getPointer(p.kept()), copy.getPointer(p.grouped()));
    }
    memory.set_data_handle(copy);
  }

  @Override
  public void write(FloatPointer array) {
    memory.set_data_handle(context.scratch("conv-regrouped-out", desc.get_size()));
  }

  @Override
  public void written(FloatPointer array) {
    FloatPointer copy = context.scratch("conv-regrouped-out", desc.get_size());
    for (Part p : parts) {
      p.copies().out().run(copy.getPointer(p.grouped()), array.getPointer(p.kept()));
    }
  }

  @Override
  public void close() {
    for (Copies c : copies.values()) {
      c.in().close();
      c.out().close();
    }
    memory.close();
  }
}
