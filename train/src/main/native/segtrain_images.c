// Decodes JPEG by libjpeg-turbo and unpacks zlib's streams by libdeflate: the native methods of
// org.segtrain.data.NativeDecoder. Both take only faultless input. What they refuse, Java decodes,
// which knows why a file is damaged and what of it is whole.
#include <jni.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <libdeflate.h>

#define BAND 16  // rows that are handed to Java at a time; they stay in the cache

typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf refused;
} Errors;

// jerror.c's functions write to stderr, and Debian's archive of it fits no shared library.
static void refuse(j_common_ptr decoder) { longjmp(((Errors *)decoder->err)->refused, 1); }

// A negative level is a warning: pixels are missing or guessed.
static void heed(j_common_ptr decoder, int level) {
  if (level < 0) {
    refuse(decoder);
  }
}

static void ignore(j_common_ptr decoder) { (void)decoder; }

static void format(j_common_ptr decoder, char *message) {
  (void)decoder;
  message[0] = 0;
}

static int decode(JNIEnv *java, const uint8_t *file, jint length, jint width, jint height,
                  uint8_t *band, jbyteArray rgb) {
  struct jpeg_decompress_struct decoder;
  Errors errors = {.manager = {.error_exit = refuse,
                               .emit_message = heed,
                               .output_message = ignore,
                               .format_message = format,
                               .reset_error_mgr = ignore}};
  decoder.err = &errors.manager;
  if (setjmp(errors.refused)) {
    jpeg_destroy_decompress(&decoder);
    return 0;
  }
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, file, (unsigned long)length);
  jpeg_read_header(&decoder, TRUE);
  if (decoder.image_width != (JDIMENSION)width || decoder.image_height != (JDIMENSION)height) {
    refuse((j_common_ptr)&decoder);
  }
  decoder.out_color_space = JCS_RGB;
  jpeg_start_decompress(&decoder);
  const jsize row = 3 * width;
  JSAMPROW rows[BAND];
  for (int i = 0; i < BAND; i++) {
    rows[i] = band + (size_t)i * row;
  }
  for (jint top = 0; top < height;) {
    jint most = height - top < BAND ? height - top : BAND;
    jint read = 0;
    while (read < most) {
      read += (jint)jpeg_read_scanlines(&decoder, rows + read, (JDIMENSION)(most - read));
    }
    (*java)->SetByteArrayRegion(java, rgb, top * row, read * row, (const jbyte *)band);
    top += read;
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return 1;
}

// The bytes of an array, copied: those of Java may move, or would hold up its garbage collector.
static uint8_t *copied(JNIEnv *java, jbyteArray bytes, jint start, jint length) {
  uint8_t *copy = malloc((size_t)length + 1);
  if (copy) {
    (*java)->GetByteArrayRegion(java, bytes, start, length, (jbyte *)copy);
  }
  return copy;
}

JNIEXPORT jboolean JNICALL Java_org_segtrain_data_NativeDecoder_jpeg(JNIEnv *java, jclass type,
                                                                    jbyteArray bytes, jint width,
                                                                    jint height, jbyteArray rgb) {
  (void)type;
  jint length = (*java)->GetArrayLength(java, bytes);
  uint8_t *file = copied(java, bytes, 0, length);
  uint8_t *band = malloc((size_t)BAND * 3 * width);
  int whole = file && band && decode(java, file, length, width, height, band, rgb);
  free(band);
  free(file);
  return whole ? JNI_TRUE : JNI_FALSE;
}

JNIEXPORT jboolean JNICALL Java_org_segtrain_data_NativeDecoder_inflate(JNIEnv *java, jclass type,
                                                                       jbyteArray packed,
                                                                       jint start, jint length,
                                                                       jbyteArray unpacked) {
  (void)type;
  jint size = (*java)->GetArrayLength(java, unpacked);
  uint8_t *from = copied(java, packed, start, length);
  uint8_t *to = malloc((size_t)size + 1);
  struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
  int whole = from && to && decompressor &&
              libdeflate_zlib_decompress(decompressor, from, (size_t)length, to, (size_t)size,
                                         NULL) == LIBDEFLATE_SUCCESS;
  if (whole) {
    (*java)->SetByteArrayRegion(java, unpacked, 0, size, (const jbyte *)to);
  }
  if (decompressor) {
    libdeflate_free_decompressor(decompressor);
  }
  free(to);
  free(from);
  return whole ? JNI_TRUE : JNI_FALSE;
}
