import Foundation
import JSON
import Testing

private struct Missing: Error, CustomStringConvertible {
    let description = """
        .build/venv-browser has no Python with what Tests/Scenarios/Browser/requirements.txt names, or there is \
        no Chromium. `make test` provides both; or set BUREAU_BROWSER_PYTHON.
        """
}

/// The number of browsers that run at once: a walk alone leaves three fifths of two cores to rest, as it waits for what
/// it has just pressed.
private let browsers = DispatchSemaphore(value: 3)

/// Returns the findings of a script of Tests/Scenarios/Browser.
func inBrowser(_ script: String, _ plan: JSONObject) throws -> JSON {
    let python =
        ProcessInfo.processInfo.environment["BUREAU_BROWSER_PYTHON"]
        ?? "\(BureauProcess.root)/.build/venv-browser/bin/python"
    // The headless shell does the same pages in two thirds of the time.
    let browser = ["chromium-headless-shell", "chromium", "chromium-browser"].map { "/usr/bin/\($0)" }.first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let browser, FileManager.default.isExecutableFile(atPath: python) else { throw Missing() }
    var plan = plan
    plan["browser"] = .string(browser)
    let file = FileManager.default.temporaryDirectory.appending(
        path: "bureau-browser-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(JSON.object(plan).bytes).write(to: file)
    let process = Process(), output = Pipe()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["\(BureauProcess.root)/Tests/Scenarios/Browser/\(script)", file.path]
    process.standardOutput = output
    // The walk that measures times has at most one other beside it.
    let places = script == "budgets.py" ? 2 : 1
    for _ in 0..<places { browsers.wait() }
    defer { for _ in 0..<places { browsers.signal() } }
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try JSONParser.parse(Array(said))
}

extension Agency {
    /// Returns the sign-in of somebody who may do nothing else.
    func signIn(_ name: String, may permissions: [String]) throws -> JSON {
        try owner.post("/v1/roles", ["name": .string(name), "permissions": JSON(permissions)]).ok(201)
        let (email, password) = (JSON.string("\(name)-\(email)"), JSON("correct horse battery"))
        try owner.post(
            "/v1/users", ["name": "Joe", "email": email, "role": .string(name), "password": password]
        ).ok(201)
        return ["email": email, "password": password]
    }
}
