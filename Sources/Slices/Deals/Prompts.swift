internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are;
// a test knows each one's digest.

let replyClassText = PackageResources.reply_class_1_md
let replyClassPrompt = PromptFile.embedded("reply_class.1.md", replyClassText)

let replyAnswerText = PackageResources.reply_answer_2_md
let replyAnswerPrompt = PromptFile.embedded("reply_answer.2.md", replyAnswerText)
