#pragma once
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <vips/vips.h>

// The library brings a hundred others, which the server itself does without: only the process that looks at a picture
// loads it, and finds its functions by their names. Most of them take their options as variadic arguments, which do not
// import into Swift.

struct bureau_vips {
    __typeof__(&vips_init) init;
    __typeof__(&vips_version_string) version;
    __typeof__(&vips_concurrency_set) concurrency_set;
    __typeof__(&vips_cache_set_max) cache_set_max;
    __typeof__(&vips_operation_block_set) block_set;
    __typeof__(&vips_image_new_from_buffer) image_new_from_buffer;
    __typeof__(&vips_image_get_width) get_width;
    __typeof__(&vips_image_get_height) get_height;
    __typeof__(&vips_image_get_page_height) get_page_height;
    __typeof__(&vips_image_get_n_pages) get_n_pages;
    __typeof__(&vips_image_get_orientation) get_orientation;
    __typeof__(&vips_image_get_interpretation) get_interpretation;
    __typeof__(&vips_image_get_bands) get_bands;
    __typeof__(&vips_image_hasalpha) hasalpha;
    __typeof__(&vips_image_get_typeof) get_typeof;
    __typeof__(&vips_avg) avg;
    __typeof__(&vips_thumbnail_buffer) thumbnail_buffer;
    __typeof__(&vips_flatten) flatten;
    __typeof__(&vips_array_double_new) array_double_new;
    __typeof__(&vips_area_unref) area_unref;
    __typeof__(&vips_jpegsave_buffer) jpegsave_buffer;
    __typeof__(&vips_pngsave_buffer) pngsave_buffer;
    __typeof__(&vips_image_copy_memory) copy_memory;
    __typeof__(&vips_colourspace) colourspace;
    __typeof__(&vips_image_write_to_memory) write_to_memory;
    __typeof__(&vips_error_buffer) error_buffer;
    __typeof__(&vips_error_clear) error_clear;
    __typeof__(&g_object_unref) unref;
    __typeof__(&g_free) free;
};

/// Loads the library and finds its functions. Answers NULL, or the words of what is missing.
static inline const char *bureau_vips_load(struct bureau_vips *vips)
{
    void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return dlerror();
#define BUREAU_FIND(member, name)                                                                                       \
    do {                                                                                                               \
        void *found = dlsym(library, #name);                                                                           \
        if (found == NULL) return dlerror();                                                                           \
        *(void **)&vips->member = found;                                                                               \
    } while (0)
    BUREAU_FIND(init, vips_init);
    BUREAU_FIND(version, vips_version_string);
    BUREAU_FIND(concurrency_set, vips_concurrency_set);
    BUREAU_FIND(cache_set_max, vips_cache_set_max);
    BUREAU_FIND(block_set, vips_operation_block_set);
    BUREAU_FIND(image_new_from_buffer, vips_image_new_from_buffer);
    BUREAU_FIND(get_width, vips_image_get_width);
    BUREAU_FIND(get_height, vips_image_get_height);
    BUREAU_FIND(get_page_height, vips_image_get_page_height);
    BUREAU_FIND(get_n_pages, vips_image_get_n_pages);
    BUREAU_FIND(get_orientation, vips_image_get_orientation);
    BUREAU_FIND(get_interpretation, vips_image_get_interpretation);
    BUREAU_FIND(get_bands, vips_image_get_bands);
    BUREAU_FIND(hasalpha, vips_image_hasalpha);
    BUREAU_FIND(get_typeof, vips_image_get_typeof);
    BUREAU_FIND(avg, vips_avg);
    BUREAU_FIND(thumbnail_buffer, vips_thumbnail_buffer);
    BUREAU_FIND(flatten, vips_flatten);
    BUREAU_FIND(array_double_new, vips_array_double_new);
    BUREAU_FIND(area_unref, vips_area_unref);
    BUREAU_FIND(jpegsave_buffer, vips_jpegsave_buffer);
    BUREAU_FIND(pngsave_buffer, vips_pngsave_buffer);
    BUREAU_FIND(colourspace, vips_colourspace);
    BUREAU_FIND(write_to_memory, vips_image_write_to_memory);
    BUREAU_FIND(copy_memory, vips_image_copy_memory);
    BUREAU_FIND(error_buffer, vips_error_buffer);
    BUREAU_FIND(error_clear, vips_error_clear);
    BUREAU_FIND(unref, g_object_unref);
    BUREAU_FIND(free, g_free);
#undef BUREAU_FIND
    if (vips->init("bureau") != 0) return vips->error_buffer();
    // One file after the other, by few and well-trodden readers.
    vips->concurrency_set(1);
    vips->cache_set_max(0);
    vips->block_set("VipsForeignLoad", TRUE);
    vips->block_set("VipsForeignLoadJpeg", FALSE);
    vips->block_set("VipsForeignLoadPng", FALSE);
    vips->block_set("VipsForeignLoadNsgif", FALSE);
    vips->block_set("VipsForeignLoadWebp", FALSE);
    return NULL;
}

/// A picture whose points are read once, from its first row to its last; NULL where it is none. `pages`: -1, all.
static inline VipsImage *bureau_vips_open(
    const struct bureau_vips *vips, const void *bytes, size_t count, int pages)
{
    // Those that know no pages refuse the option.
    return pages == 1 ? vips->image_new_from_buffer(
               bytes, count, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL)
                      : vips->image_new_from_buffer(
                            bytes, count, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED,
                            "n", pages, NULL);
}

static inline bool bureau_vips_has(const struct bureau_vips *vips, VipsImage *image, const char *field)
{
    return vips->get_typeof(image, field) != 0;
}

/// Reads every point; false where the picture ends before its last one, or is broken.
static inline bool bureau_vips_is_whole(const struct bureau_vips *vips, VipsImage *image)
{
    double mean;
    return vips->avg(image, &mean, NULL) == 0;
}

/// The picture upright, in a size, in the colours of the web, kept in memory. Of another shape, it is cut around what
/// draws the eye.
static inline VipsImage *bureau_vips_resize(
    const struct bureau_vips *vips, const void *bytes, size_t count, int width, int height, bool cuts)
{
    VipsImage *cut = NULL;
    int code = vips->thumbnail_buffer(
        (void *)bytes, count, &cut, width, "height", height, "crop",
        cuts ? VIPS_INTERESTING_ATTENTION : VIPS_INTERESTING_NONE, "size", cuts ? VIPS_SIZE_BOTH : VIPS_SIZE_FORCE,
        "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    if (code != 0) return NULL;
    VipsImage *kept = vips->copy_memory(cut);
    vips->unref(cut);
    return kept;
}

/// The picture on white.
static inline VipsImage *bureau_vips_flatten(const struct bureau_vips *vips, VipsImage *image)
{
    const double white[] = {255, 255, 255};
    VipsArrayDouble *background = vips->array_double_new(white, 3);
    VipsImage *flat = NULL;
    int code = vips->flatten(image, &flat, "background", background, NULL);
    vips->area_unref(VIPS_AREA(background));
    return code == 0 ? flat : NULL;
}

/// The file in `*bytes`, which the caller frees, without any metadata.
static inline bool bureau_vips_jpeg(
    const struct bureau_vips *vips, VipsImage *image, int quality, void **bytes, size_t *count)
{
    return vips->jpegsave_buffer(
               image, bytes, count, "Q", quality, "strip", TRUE, "optimize_coding", TRUE, NULL)
        == 0;
}

static inline bool bureau_vips_png(const struct bureau_vips *vips, VipsImage *image, void **bytes, size_t *count)
{
    return vips->pngsave_buffer(image, bytes, count, "compression", 9, "strip", TRUE, NULL) == 0;
}

/// The points of the picture, upright, on white, each of three bytes of the web's colours, with no side longer than
/// `side`; NULL where it is broken. The caller frees them.
static inline void *bureau_vips_points(
    const struct bureau_vips *vips, const void *bytes, size_t count, int side, int *width, int *height, size_t *size)
{
    VipsImage *head = bureau_vips_open(vips, bytes, count, 1);
    if (head == NULL) return NULL;
    bool has_profile = bureau_vips_has(vips, head, "icc-profile-data");
    vips->unref(head);
    // The way through a profile moves colours by a step or two: only those that have one of their own take it.
    VipsImage *small = NULL;
    int code = has_profile
        ? vips->thumbnail_buffer(
              (void *)bytes, count, &small, side, "height", side, "size", VIPS_SIZE_DOWN, "export_profile", "srgb",
              "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL)
        : vips->thumbnail_buffer(
              (void *)bytes, count, &small, side, "height", side, "size", VIPS_SIZE_DOWN, "fail_on",
              VIPS_FAIL_ON_TRUNCATED, NULL);
    if (code != 0) return NULL;
    if (vips->hasalpha(small)) {
        VipsImage *flat = bureau_vips_flatten(vips, small);
        vips->unref(small);
        if (flat == NULL) return NULL;
        small = flat;
    }
    VipsImage *web = NULL;
    code = vips->colourspace(small, &web, VIPS_INTERPRETATION_sRGB, NULL);
    vips->unref(small);
    if (code != 0) return NULL;
    *width = vips->get_width(web);
    *height = vips->get_height(web);
    void *points = vips->get_bands(web) == 3 ? vips->write_to_memory(web, size) : NULL;
    vips->unref(web);
    return points;
}
