internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are;
// a test knows each one's digest.

let contentDraftsText = PackageResources.content_drafts_1_md
let contentDraftsPrompt = PromptFile.embedded("content_drafts.1.md", contentDraftsText)

let contentIdeasText = PackageResources.content_ideas_1_md
let contentIdeasPrompt = PromptFile.embedded("content_ideas.1.md", contentIdeasText)
