import Agents
import JSON
import StandIns
import Testing

@testable import Integrations

struct TaskConnectorTests {
    @Test func `Asana keeps a task under our identifier, and is asked for what has changed`() async throws {
        let asana = try AsanaStandIn()
        let bench = try await ConnectorBench(
            "asana", asana.service.url, ["access_token": asana.token], ["workspace": "99", "project": "1201"])
        let tasks = try bench.object("tasks"), client = bench.client
        let id = try await client.create(
            tasks, ["name": "Write brief", "completed": "doing", "due_on": "2026-02-01"], key: "k1",
            own: "task_1")
        let made = try #require(asana.tasks[id])
        #expect(made.fields["external"] == ["gid": "task_1"] && made.fields["projects"] == ["1201"])
        #expect(made.fields["completed"] == false && made.fields["due_on"] == "2026-02-01")
        #expect(try await client.find(tasks, by: "task_1").map(\.id) == [id])
        #expect(try await client.find(tasks, by: "task_2").isEmpty)
        let all = try await bench.all("tasks")
        asana.tasks.change(id, ["completed": true])
        let news = try await bench.all("tasks", since: all[0].updatedAt)
        #expect(news.map { $0.fields["completed"] } == ["done"])
        try await client.update(tasks, id, ["name": "Write it"], key: "k2")
        #expect(asana.service.requests.last?.text == #"{"data":{"name":"Write it"}}"#)
        asana.tasks.remove(id)
        #expect(try await client.get(tasks, id) == nil)
    }

    @Test func `Asana takes ten at once`() async throws {
        let asana = try AsanaStandIn()
        let bench = try await ConnectorBench(
            "asana", asana.service.url, ["access_token": asana.token], ["project": "1201"])
        let changes = (0..<12).map { n in
            ConnectorChange(.create, ["name": .string("T\(n)")], key: "k\(n)", own: "task_\(n % 11)")
        }
        let made = try await bench.client.write(bench.object("tasks"), changes)
        #expect(asana.service.requests.map(\.target) == ["/api/1.0/batch", "/api/1.0/batch"])
        #expect(made.filter { (try? $0.get()) != nil }.count == 11, "the same identifier twice is refused")
    }

    @Test func `Trello's card is found again by the address that it was made with`() async throws {
        let trello = try TrelloStandIn()
        let bench = try await ConnectorBench(
            "trello", trello.service.url, ["key": trello.key, "token": trello.token],
            ["board": .string(trello.board), "list": .string(trello.list)])
        let cards = try bench.object("cards"), client = bench.client
        let id = try await client.create(
            cards, ["name": "Write brief", "dueComplete": "todo"], key: "k1", own: "task_1")
        #expect(try await client.find(cards, by: "task_1").map(\.id) == [id])
        #expect(try await client.find(cards, by: "task_2").isEmpty)
        try await client.update(cards, id, ["dueComplete": "done"], key: "k2")
        try await client.delete(cards, id, key: "k3")
        let all = try await bench.all("cards")
        #expect(all.map(\.isDeleted) == [true] && all[0].fields["dueComplete"] == "done")
        #expect(trello.service.requests.allSatisfy { !$0.target.contains("trello-token") })
        trello.service.next(.answer(401, "unauthorized card permission requested"))
        #expect(await code { _ = try await client.get(cards, id) } == "permission_missing")
        trello.service.next(.answer(401, "invalid token"))
        #expect(await code { _ = try await client.get(cards, id) } == "unauthenticated")
    }

    @Test func `Trello's refusal of haste names no pause, and one is made`() async throws {
        let trello = try TrelloStandIn()
        let bench = try await ConnectorBench(
            "trello", trello.service.url, ["key": trello.key, "token": trello.token],
            ["board": .string(trello.board), "list": .string(trello.list)])
        trello.service.next(.answer(TrelloStandIn.tooFast))
        do {
            _ = try await bench.client.page(of: bench.object("cards"))
            Issue.record("it is no page")
        } catch let failure as ToolFailure {
            #expect(failure.code == "rate_limited" && failure.retryAfter == .seconds(10), "\(failure)")
        }
    }

    @Test func `Jira's issue is written as a document, and its status by a transition`() async throws {
        let jira = try JiraStandIn(pageSize: 2)
        let bench = try await ConnectorBench(
            "jira", jira.service.url, ["email": jira.email, "api_token": jira.token], ["project": "OPS"])
        let issues = try bench.object("issues"), client = bench.client
        let id = try await client.create(
            issues, ["summary": "Write brief", "description": "Hello\nthere", "status": "todo"], key: "k1",
            own: "task_1")
        let made = try #require(jira.issues[id])
        #expect(made.fields["description"]?["type"] == "doc" && made.fields["project"] == ["key": "OPS"])
        #expect(made.fields["labels"] == ["bureau", "bureau-task_1"] && jira.service.requests.count == 1)
        #expect(try await client.find(issues, by: "task_1").map(\.id) == [id])
        try await client.update(issues, id, ["summary": "Write it", "status": "done"], key: "k2")
        #expect(jira.issues[id]?.fields["status"]?["statusCategory"] == ["key": "done"])
        #expect(jira.service.requests.suffix(3).map(\.method) == ["PUT", "GET", "POST"])
        for n in 0..<3 { jira.issues.add(["summary": .string("S\(n)")]) }
        let all = try await bench.all("issues")
        #expect(all.count == 4 && all.first { $0.id == id }?.fields["status"] == "done")
        #expect(all.first { $0.id == id }?.fields["description"] == "Hello\nthere")
        #expect(try await bench.all("issues", since: all[3].updatedAt).contains { $0.id == all[3].id })
        let long = String(repeating: "x", count: 300)
        #expect(
            await code { try await client.update(issues, id, ["summary": .string(long)], key: "k3") } == nil)
        #expect(
            await code {
                _ = try await client.create(issues, ["summary": .string(long)], key: "k4", own: "t")
            } == "invalid_value")
        let many = try await client.write(
            issues,
            ["A", long, "B"].enumerated().map { n, text in
                ConnectorChange(.create, ["summary": .string(text)], key: "b\(n)", own: "task_b\(n)")
            })
        #expect(many.map { (try? $0.get()) != nil } == [true, false, true])
        jira.service.next(.answer(JiraStandIn.slower))
        #expect(await code { _ = try await client.get(issues, id) } == "rate_limited")
    }

    @Test func `Jira's account is proven by its address and token`() async throws {
        let jira = try JiraStandIn()
        let bench = try await ConnectorBench(
            "jira", jira.service.url, ["email": "bot@acme.example", "api_token": "atl-token"],
            ["project": "OPS"])
        _ = try? await bench.client.page(of: bench.object("issues"))
        #expect(
            jira.service.requests.first?.header("Authorization")
                == "Basic Ym90QGFjbWUuZXhhbXBsZTphdGwtdG9rZW4=")
    }
}
