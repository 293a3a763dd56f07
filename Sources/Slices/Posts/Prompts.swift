internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are.

let altTextText = PackageResources.alt_text_1_md
let altTextPrompt = PromptFile.embedded("alt_text.1.md", altTextText)
