#pragma once
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

// One call instead of a loop of calls with pointers: the files that pages come from have to live until all is
// written.

/// Appends the pages of each file to one file, which the caller frees. `failed` is the place of the file that could
/// not be read, from 0; `count` where none is to blame. NULL where nothing was made.
static inline unsigned char *bureau_pdf_join(
    const unsigned char *const *files, const size_t *lengths, size_t count, size_t *length, size_t *failed)
{
    unsigned char *joined = NULL;
    qpdf_data *from = (qpdf_data *)calloc(count ? count : 1, sizeof(qpdf_data));
    qpdf_data to = qpdf_init();
    *failed = count;
    *length = 0;
    qpdf_silence_errors(to);
    qpdf_set_suppress_warnings(to, QPDF_TRUE);
    int works = from && !(qpdf_empty_pdf(to) & QPDF_ERRORS);
    for (size_t i = 0; works && i < count; i++) {
        from[i] = qpdf_init();
        qpdf_silence_errors(from[i]);
        qpdf_set_suppress_warnings(from[i], QPDF_TRUE);
        works = !(qpdf_read_memory(from[i], "part", (const char *)files[i], lengths[i], NULL) & QPDF_ERRORS);
        int pages = works ? qpdf_get_num_pages(from[i]) : -1;
        works = pages > 0;
        for (int page = 0; works && page < pages; page++)
            works = !(qpdf_add_page(to, from[i], qpdf_get_page_n(from[i], (size_t)page), QPDF_FALSE) & QPDF_ERRORS);
        if (!works) *failed = i;
    }
    if (works && !(qpdf_init_write_memory(to) & QPDF_ERRORS)) {
        qpdf_set_deterministic_ID(to, QPDF_TRUE);
        if (!(qpdf_write(to) & QPDF_ERRORS)) {
            *length = qpdf_get_buffer_length(to);
            joined = (unsigned char *)malloc(*length ? *length : 1);
            if (joined) memcpy(joined, qpdf_get_buffer(to), *length);
        }
    }
    for (size_t i = 0; from && i < count; i++)
        if (from[i]) {
            // Else the library tells it on the server's standard error.
            if (qpdf_has_error(from[i])) qpdf_get_error(from[i]);
            qpdf_cleanup(&from[i]);
        }
    free(from);
    if (qpdf_has_error(to)) qpdf_get_error(to);
    qpdf_cleanup(&to);
    return joined;
}
