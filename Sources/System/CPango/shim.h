#pragma once
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
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
