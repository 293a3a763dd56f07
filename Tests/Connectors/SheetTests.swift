import Agents
import JSON
import Records
import RuntimeTesting
import StandIns
import Testing

@testable import Integrations
@testable import Tenancy

struct SheetTests {
    @Test func `rows are read as wide as the first, and written as they are`() async throws {
        let sheets = try SheetsStandIn()
        sheets.fill("My Leads", [["id", "name", "notes"], ["1", "Ana"], [], ["2", "Bo", "x"]])
        let bench = try await ConnectorBench(
            "google_sheets", sheets.service.url, ["access_token": sheets.token],
            ["spreadsheet": .string(sheets.spreadsheet)])
        let sheet = try #require(
            try bench.services.sheet(of: bench.integration, AgentTest.tenant, for: ToolCaller(actor: .system))
        )
        #expect(
            try await sheet.rows(SheetClient.range("My Leads", "A:Z")) == [
                ["id", "name", "notes"], ["1", "Ana", ""], ["", "", ""], ["2", "Bo", "x"],
            ])
        #expect(sheets.service.requests[0].target.contains("/values/%27My%20Leads%27%21A%3AZ?"))
        try await sheet.append([["3", "=IMPORTXML(1)", 5]], to: "My Leads")
        try await sheet.overwrite([(2, ["1", "Ana", "new"])], in: "My Leads")
        #expect(sheets.rows(of: "My Leads")?[1] == ["1", "Ana", "new"])
        #expect(sheets.rows(of: "My Leads")?.last == ["3", "=IMPORTXML(1)", 5])
        try await sheet.addTab("O'Neil")
        #expect(try await sheet.tabs() == ["My Leads", "O'Neil"])
        try await sheet.append([["a"]], to: "O'Neil")
        #expect(await code { _ = try await sheet.rows("Gone!A:A") } == "not_found")
    }
}
