import Foundation
import Testing

@testable import Bureau

@Suite struct GivenMemoryTests {
    @Test func `pages of code are given back, and what the linker has written is still there`() throws {
        let before = try residentCode()
        giveMemoryBack()
        let after = try residentCode()
        // Other tests run on, and read some of it again.
        #expect(after < before * 3 / 4)
        // Names and witnesses are found by tables that the linker has filled in, read-only since.
        #expect(GivenBack.allCases.map { "\($0 as any Sendable)" } == ["code", "constants"])
    }

    private enum GivenBack: CaseIterable { case code, constants }

    /// Kilobytes of the program's own code that are in memory.
    private func residentCode() throws -> Int {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var isCounted = false, sum = 0
        for line in try String(contentsOfFile: "/proc/self/smaps", encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0].contains("-") {
                isCounted = words[1] == "r-xp" && words.last.map(String.init) == program
            } else if isCounted, words[0] == "Rss:" {
                sum += Int(words[1]) ?? 0
            }
        }
        return sum
    }
}
