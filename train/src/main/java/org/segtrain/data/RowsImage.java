package org.segtrain.data;

import java.awt.Image;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.util.Vector;

/** The colours of a photograph, of which a writer gets the rows that it asks for. */
final class RowsImage implements RenderedImage {

  private static final BufferedImage LIKE = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);

  private final Photograph photograph;

  RowsImage(Photograph photograph) {
    this.photograph = photograph;
  }

  @Override
  public Raster getData(Rectangle part) {
    Picture pixels = photograph.part(part.x, part.y, part.width, part.height);
    WritableRaster raster =
        LIKE.getRaster().createCompatibleWritableRaster(part.x, part.y, part.width, part.height);
    raster.setDataElements(part.x, part.y, part.width, part.height, pixels.rgb());
    return raster;
  }

  @Override
  public Raster getData() {
    return getData(new Rectangle(0, 0, getWidth(), getHeight()));
  }

  @Override
  public Raster getTile(int x, int y) {
    return getData();
  }

  @Override
  public WritableRaster copyData(WritableRaster raster) {
    throw new UnsupportedOperationException("it is read by getData");
  }

  @Override
  public ColorModel getColorModel() {
    return LIKE.getColorModel();
  }

  @Override
  public SampleModel getSampleModel() {
    return LIKE.getSampleModel();
  }

  @Override
  public int getWidth() {
    return photograph.width();
  }

  @Override
  public int getHeight() {
    return photograph.height();
  }

  @Override
  public int getMinX() {
    return 0;
  }

  @Override
  public int getMinY() {
    return 0;
  }

  @Override
  public int getNumXTiles() {
    return 1;
  }

  @Override
  public int getNumYTiles() {
    return 1;
  }

  @Override
  public int getMinTileX() {
    return 0;
  }

  @Override
  public int getMinTileY() {
    return 0;
  }

  @Override
  public int getTileWidth() {
    return getWidth();
  }

  @Override
  public int getTileHeight() {
    return getHeight();
  }

  @Override
  public int getTileGridXOffset() {
    return 0;
  }

  @Override
  public int getTileGridYOffset() {
    return 0;
  }

  @Override
  public Vector<RenderedImage> getSources() {
    return new Vector<>();
  }

  @Override
  public Object getProperty(String name) {
    return Image.UndefinedProperty;
  }

  @Override
  public String[] getPropertyNames() {
    return new String[0];
  }
}
