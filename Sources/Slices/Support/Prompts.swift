internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are.

let ticketTriageText = PackageResources.ticket_triage_1_md
let ticketTriagePrompt = PromptFile.embedded("ticket_triage.1.md", ticketTriageText)
