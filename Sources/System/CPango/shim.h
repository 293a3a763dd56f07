#pragma once
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdlib.h>
#include <string.h>

// Casts between GObject's types are macros, which Swift does not see; and a few things take so many calls
// with pointers that they are clearer here.

/// The fonts that a description in fontconfig's language names, and no others; NULL where it is not
/// understood.
static inline FcConfig *bureau_fonts(const char *description)
{
    FcConfig *config = FcConfigCreate();
    if (!config) return NULL;
    if (!FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)description, FcTrue)
        || !FcConfigBuildFonts(config)) {
        FcConfigDestroy(config);
        return NULL;
    }
    return config;
}

/// How many of the fonts belong to a family.
static inline int bureau_fonts_of(FcConfig *config, const char *family)
{
    FcFontSet *fonts = FcConfigGetFonts(config, FcSetSystem);
    int count = 0;
    for (int i = 0; fonts && i < fonts->nfont; i++) {
        FcChar8 *name = NULL;
        for (int n = 0; FcPatternGetString(fonts->fonts[i], FC_FAMILY, n, &name) == FcResultMatch; n++)
            if (!strcmp((const char *)name, family)) {
                count++;
                break;
            }
    }
    return count;
}

/// The characters that any of the fonts has.
static inline FcCharSet *bureau_fonts_characters(FcConfig *config)
{
    FcFontSet *fonts = FcConfigGetFonts(config, FcSetSystem);
    FcCharSet *all = FcCharSetCreate();
    for (int i = 0; fonts && i < fonts->nfont; i++) {
        FcCharSet *characters = NULL;
        if (FcPatternGetCharSet(fonts->fonts[i], FC_CHARSET, 0, &characters) == FcResultMatch)
            FcCharSetMerge(all, characters, NULL);
    }
    return all;
}

/// What a thread needs to set text: Pango's map of exactly these fonts.
static inline PangoFontMap *bureau_pango_map(FcConfig *config)
{
    PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (map) pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
    return map;
}

/// A context whose glyphs stand where they stand on paper: no grid of pixels, no hints.
static inline PangoContext *bureau_pango_context(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

static inline void bureau_pango_insert(
    PangoAttrList *list, PangoAttribute *attribute, unsigned start, unsigned end)
{
    attribute->start_index = start;
    attribute->end_index = end;
    pango_attr_list_insert(list, attribute);
}

/// A set line: its measures in points, and the bytes that it has of the text.
struct bureau_line {
    PangoLayoutLine *line;
    double x, width, ascent, descent;
    int start, length;
    int is_rtl;
};

static inline int bureau_pango_line(PangoLayout *layout, int index, struct bureau_line *found)
{
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, index);
    if (!line) return 0;
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    found->line = line;
    found->x = (double)logical.x / PANGO_SCALE;
    found->width = (double)logical.width / PANGO_SCALE;
    found->ascent = (double)-logical.y / PANGO_SCALE;
    found->descent = (double)(logical.y + logical.height) / PANGO_SCALE;
    found->start = line->start_index;
    found->length = line->length;
    found->is_rtl = pango_layout_line_get_resolved_direction(line) == PANGO_DIRECTION_RTL;
    return 1;
}

static inline void bureau_unref(void *object) { g_object_unref(object); }

/// Bytes that a picture is read from, or a file is written to.
struct bureau_bytes {
    const unsigned char *start;
    size_t left;
    unsigned char *written;
    size_t count, capacity;
};

static inline cairo_status_t bureau_bytes_read(void *context, unsigned char *into, unsigned count)
{
    struct bureau_bytes *bytes = (struct bureau_bytes *)context;
    if (bytes->left < count) return CAIRO_STATUS_READ_ERROR;
    memcpy(into, bytes->start, count);
    bytes->start += count;
    bytes->left -= count;
    return CAIRO_STATUS_SUCCESS;
}

static inline cairo_status_t bureau_bytes_write(void *context, const unsigned char *from, unsigned count)
{
    struct bureau_bytes *bytes = (struct bureau_bytes *)context;
    if (bytes->count + count > bytes->capacity) {
        size_t capacity = (bytes->count + count) * 2;
        unsigned char *grown = (unsigned char *)realloc(bytes->written, capacity);
        if (!grown) return CAIRO_STATUS_NO_MEMORY;
        bytes->written = grown;
        bytes->capacity = capacity;
    }
    memcpy(bytes->written + bytes->count, from, count);
    bytes->count += count;
    return CAIRO_STATUS_SUCCESS;
}

/// A page of A4 with a picture in its middle, no larger than it is at 96 pixels an inch and than the page allows. The
/// bytes of a JPEG are put in as they are. NULL where the picture could not be read; else the caller frees the file.
static inline unsigned char *bureau_picture_page(
    const unsigned char *picture, size_t length, int is_jpeg, int width, int height, size_t *count)
{
    const double page_width = 595.28, page_height = 841.89, margin = 42;
    struct bureau_bytes source = {picture, length, NULL, 0, 0}, file = {NULL, 0, NULL, 0, 0};
    cairo_surface_t *image =
        is_jpeg ? cairo_image_surface_create(CAIRO_FORMAT_A1, width, height)
                : cairo_image_surface_create_from_png_stream(bureau_bytes_read, &source);
    if (is_jpeg) cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, picture, length, NULL, NULL);
    int works = cairo_surface_status(image) == CAIRO_STATUS_SUCCESS;
    if (works) {
        double scale = 72.0 / 96.0;
        if (width * scale > page_width - 2 * margin) scale = (page_width - 2 * margin) / width;
        if (height * scale > page_height - 2 * margin) scale = (page_height - 2 * margin) / height;
        cairo_surface_t *pages = cairo_pdf_surface_create_for_stream(
            bureau_bytes_write, &file, page_width, page_height);
        // The file's only time is that of the document which it becomes a part of.
        cairo_t *context = cairo_create(pages);
        cairo_translate(context, (page_width - width * scale) / 2, (page_height - height * scale) / 2);
        cairo_scale(context, scale, scale);
        cairo_set_source_surface(context, image, 0, 0);
        cairo_paint(context);
        cairo_show_page(context);
        works = cairo_status(context) == CAIRO_STATUS_SUCCESS;
        cairo_destroy(context);
        cairo_surface_finish(pages);
        works = works && cairo_surface_status(pages) == CAIRO_STATUS_SUCCESS;
        cairo_surface_destroy(pages);
    }
    cairo_surface_destroy(image);
    if (!works) {
        free(file.written);
        return NULL;
    }
    *count = file.count;
    return file.written;
}
