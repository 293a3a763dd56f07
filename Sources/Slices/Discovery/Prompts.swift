internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are;
// a test knows each one's digest.

let qualificationSummaryText = PackageResources.qualification_summary_1_md
let qualificationSummaryPrompt = PromptFile.embedded("qualification_summary.1.md", qualificationSummaryText)
