package org.adaptseg.data.streets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StreetImageTest {
  private static final Appearance GAME = StreetDomain.SOURCE.appearance();
  private static final Appearance STREET = StreetDomain.TARGET.appearance();

  @Test
  void theSameSeedAndIndexGiveTheSameBytes() {
    StreetImage first = StreetImage.draw(GAME, 4, 11, 64, 32);
    StreetImage second = StreetImage.draw(GAME, 4, 11, 64, 32);
    assertThat(second.rgb()).isEqualTo(first.rgb());
    assertThat(second.classes()).isEqualTo(first.classes());
  }

  /** The digests are of what was drawn with StrictMath alone. */
  @Test
  void streetsAreTheSameBytesOnEveryMachine() throws NoSuchAlgorithmException {
    assertThat(digest(GAME)).isEqualTo("2638834e0c7c16d2");
    assertThat(digest(STREET)).isEqualTo("db36e85ef6325783");
  }

  private static String digest(Appearance appearance) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < 40; i++) {
      StreetImage street = StreetImage.draw(appearance, 1, i, 128, 64);
      digest.update(street.rgb());
      digest.update(street.classes());
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  @Test
  void theClassesAloneAreThoseOfTheDrawing() {
    assertThat(StreetImage.drawClasses(4, 11, 64, 32))
        .isEqualTo(StreetImage.draw(STREET, 4, 11, 64, 32).classes());
    assertThatThrownBy(() -> StreetImage.drawClasses(4, 11, 64, 8))
        .hasMessage("Cannot draw a street: expected at least 16x16 pixels, found 64x8");
  }

  @Test
  void otherSeedsAndIndicesGiveOtherStreets() {
    byte[] classes = StreetImage.draw(GAME, 4, 11, 64, 32).classes();
    assertThat(StreetImage.draw(GAME, 4, 12, 64, 32).classes()).isNotEqualTo(classes);
    assertThat(StreetImage.draw(GAME, 5, 11, 64, 32).classes()).isNotEqualTo(classes);
  }

  @Test
  void appearancesShareTheLayoutAndDifferInPixels() {
    StreetImage game = StreetImage.draw(GAME, 1, 2, 128, 64);
    StreetImage street = StreetImage.draw(STREET, 1, 2, 128, 64);
    assertThat(street.classes()).isEqualTo(game.classes());
    long difference = 0;
    for (int i = 0; i < game.rgb().length; i++) {
      difference += Math.abs((game.rgb()[i] & 0xFF) - (street.rgb()[i] & 0xFF));
    }
    assertThat(difference / game.rgb().length).isGreaterThan(10);
  }

  @Test
  void everyClassIsDrawnOften() {
    long[] pixels = new long[StreetClass.values().length];
    int[] images = new int[pixels.length];
    for (int i = 0; i < 40; i++) {
      boolean[] seen = new boolean[pixels.length];
      for (byte kind : StreetImage.draw(GAME, 3, i, 128, 64).classes()) {
        pixels[kind]++;
        seen[kind] = true;
      }
      for (int c = 0; c < seen.length; c++) {
        images[c] += seen[c] ? 1 : 0;
      }
    }
    for (StreetClass kind : StreetClass.values()) {
      assertThat(images[kind.ordinal()]).as("images with %s", kind).isGreaterThan(25);
      assertThat(pixels[kind.ordinal()]).as("pixels of %s", kind).isGreaterThan(40 * 8192 / 200);
    }
  }

  @Test
  void theLayoutScalesWithTheSize() {
    byte[] small = StreetImage.draw(GAME, 3, 5, 96, 48).classes();
    byte[] large = StreetImage.draw(GAME, 3, 5, 288, 144).classes();
    int equal = 0;
    for (int y = 0; y < 48; y++) { // the large picture's pixel at the small one's pixel centre
      for (int x = 0; x < 96; x++) {
        equal += small[y * 96 + x] == large[(3 * y + 1) * 288 + 3 * x + 1] ? 1 : 0;
      }
    }
    assertThat(equal).isGreaterThan(96 * 48 * 97 / 100);
  }

  @Test
  void skyIsAboveAndRoadIsBelow() {
    long skyRows = 0;
    long roadRows = 0;
    int sky = 0;
    int road = 0;
    for (int i = 0; i < 10; i++) {
      byte[] classes = StreetImage.draw(GAME, 8, i, 64, 32).classes();
      for (int k = 0; k < classes.length; k++) {
        if (classes[k] == StreetClass.SKY.ordinal()) {
          skyRows += k / 64;
          sky++;
        } else if (classes[k] == StreetClass.ROAD.ordinal()) {
          roadRows += k / 64;
          road++;
        }
      }
    }
    assertThat((double) skyRows / sky).isLessThan(12);
    assertThat((double) roadRows / road).isGreaterThan(18);
  }

  @Test
  void blendingGoesFromOneAppearanceToTheOther() {
    assertThat(GAME.blend(STREET, 0)).isEqualTo(GAME);
    double half = GAME.blend(STREET, 0.5).camera().noise();
    assertThat(half).isEqualTo((GAME.camera().noise() + STREET.camera().noise()) / 2);
  }

  @Test
  void aSizeTooSmallToShowAnythingIsRefused() {
    assertThatThrownBy(() -> StreetImage.draw(GAME, 1, 1, 15, 32))
        .hasMessageContaining("found 15x32");
  }
}
