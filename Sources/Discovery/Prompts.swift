internal import Intelligence

// The prompts of this slice, as they stand in Prompts/: a file for each version. Those that were used stay as they are;
// a test knows each one's digest.

let qualificationSummaryText = PackageResources.qualification_summary_1_md
let qualificationSummaryPrompt = prompt("qualification_summary.1.md", qualificationSummaryText)

private func prompt(_ file: String, _ text: [UInt8]) -> PromptFile {
    do throws(PromptFile.Fault) {
        return try PromptFile(file: file, text: String(decoding: text, as: UTF8.self))
    } catch {
        preconditionFailure("\(file): \(error)")
    }
}
