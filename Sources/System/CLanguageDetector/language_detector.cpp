#include "include/language_detector.h"

#include <cld2/internal/cldutil.h>
#include <cld2/internal/getonescriptspan.h>
#include <cld2/internal/lang_script.h>
#include <cld2/internal/scoreonescriptspan.h>
#include <cstring>
#include <vector>

// CLD2's public functions name the most probable of its eighty languages alone, and few words are as good as English to
// them. What it knows of runs of letters is more: here the same tables are summed for the languages that are in
// question. No exception may leave these functions; they are safe to use from several threads.

namespace CLD2 {
// Of the library, but in none of its headers.
extern const UTF8PropObj cld_generated_CjkUni_obj;
extern const CLD2TableSummary kCjkCompat_obj, kCjkDeltaBi_obj, kDistinctBiTable_obj;
extern const CLD2TableSummary kQuad_obj, kQuad_obj2, kDeltaOcta_obj, kDistinctOcta_obj;
extern const short kAvgDeltaOctaScore[];
void LinearizeHitBuffer(int from, ScoringContext *, bool moreToCome, bool isCJK, ScoringHitBuffer *);
} // namespace CLD2

using namespace CLD2;

static const ScoringTables tables = {
    &cld_generated_CjkUni_obj, &kCjkCompat_obj, &kCjkDeltaBi_obj, &kDistinctBiTable_obj, &kQuad_obj, &kQuad_obj2,
    &kDeltaOcta_obj, &kDistinctOcta_obj, kAvgDeltaOctaScore};

static void score(const LangSpan &span, const std::vector<Language> &languages, int *scores) {
  ScoringContext context;
  std::memset(static_cast<void *>(&context), 0, sizeof context);
  context.ulscript = span.ulscript;
  context.scoringtables = &tables;
  context.prior_chunk_lang = UNKNOWN_LANGUAGE;
  ScoringHitBuffer hits;
  hits.init();
  hits.ulscript = span.ulscript;
  // A span begins with a space.
  const int end = GetQuadHits(span.text, 1, span.text_bytes, &context, &hits);
  GetOctaHits(span.text, 1, end, &context, &hits);
  LinearizeHitBuffer(1, &context, false, false, &hits);
  Tote tote;
  tote.Reinit();
  for (const Language language : languages) tote.Add(PerScriptNumber(span.ulscript, language), 0);
  for (int index = 0; index < hits.next_linear; index++) ProcessProbV2Tote(hits.linear[index].langprob, &tote);
  for (size_t index = 0; index < languages.size(); index++)
    scores[index] += tote.GetScore(PerScriptNumber(span.ulscript, languages[index]));
}

void language_detector_score(
    const char *text, size_t length, enum language_script script, const char *const *codes, size_t count, int *scores) {
  std::memset(scores, 0, count * sizeof *scores);
  try {
    std::vector<Language> languages;
    for (size_t index = 0; index < count; index++) languages.push_back(GetLanguageFromName(codes[index]));
    const ULScript wanted = script == language_script_latin ? ULScript_Latin : ULScript_Cyrillic;
    ScriptScanner scanner(text, static_cast<int>(length), true);
    LangSpan span;
    // Each span is scored up to the limit of a buffer, so that a hundred of them bound the work.
    for (int spans = 0; spans < 100 && scanner.GetOneScriptSpanLower(&span); spans++)
      if (span.ulscript == wanted) score(span, languages, scores);
  } catch (...) {
    std::memset(scores, 0, count * sizeof *scores);
  }
}
