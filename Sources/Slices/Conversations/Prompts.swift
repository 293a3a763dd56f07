internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are;
// a test knows each one's digest.

let chatAnswerText = PackageResources.chat_answer_2_md
let chatAnswerPrompt = PromptFile.embedded("chat_answer.2.md", chatAnswerText)

let chatNeedsText = PackageResources.chat_needs_1_md
let chatNeedsPrompt = PromptFile.embedded("chat_needs.1.md", chatNeedsText)
