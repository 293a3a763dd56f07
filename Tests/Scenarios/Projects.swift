import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Projects {
    let server = BureauProcess.shared

    @Test func `a project counts its tasks, and its progress follows`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let project = try owner.project(client, ["milestones": [["name": "Design", "due_on": "2030-02-01"]]])
        #expect(project.text("status") == "planned" && project["progress"] == 0 && project["tasks"] == 0)
        let tasks = try ["One", "Two", "Three"].map { try owner.task(project, $0) }
        #expect(tasks.allSatisfy { $0.text("client_id") == client.id && $0.text("status") == "todo" })
        func now() throws -> JSON { try owner.get("/v1/projects/\(project.id)").ok() }
        func set(_ task: JSON, _ status: String) throws -> JSON {
            try owner.patch("/v1/tasks/\(task.id)", ["status": .string(status)]).ok()
        }
        let done = try set(tasks[0], "done")
        #expect(done["completed_at"]?.text != nil)
        _ = try set(tasks[1], "blocked")
        var seen = try now()
        #expect([seen["tasks"], seen["tasks_done"], seen["tasks_blocked"]] == [3, 1, 1])
        #expect(seen["progress"] == 33)
        // Done twice is done once; taken back it is open again, and a task that is gone counts no more.
        _ = try set(tasks[0], "done")
        #expect(try set(tasks[1], "done")["progress"] == nil && now()["progress"] == 66)
        #expect(try set(tasks[1], "todo")["completed_at"] == .null)
        #expect(try owner.delete("/v1/tasks/\(tasks[2].id)").status == 204)
        seen = try now()
        #expect([seen["tasks"], seen["tasks_done"], seen["tasks_blocked"]] == [2, 1, 0])
        #expect(seen["progress"] == 50 && seen["version"]?.int ?? 0 > 1)
        try owner.patch("/v1/projects/\(project.id)", ["progress": 99]).problem(422)
        #expect(try owner.told("task.done", of: done.id).count == 1)
        try owner.delete("/v1/projects/\(project.id)").problem(409, "conflict")
        try owner.delete("/v1/clients/\(client.id)").problem(409, "conflict")
        let reached: JSON = [["name": "Design", "done_at": "2030-01-30T10:00:00Z"]]
        try owner.patch("/v1/projects/\(project.id)", ["milestones": reached, "status": "completed"]).ok()
        #expect(try owner.told("project.completed").count == 1)
        #expect(try owner.told("project.milestone_reached").count == 1)
    }

    @Test func `what is wrong with a project or a task is named`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let stranger = try server.quietAgency()
        func faults(_ path: String, _ body: JSON) throws -> [String: String] {
            try owner.post("/v1/\(path)", body).faults()
        }
        #expect(try faults("projects", [:]) == ["/client_id": "required", "/name": "required"])
        let theirs = try stranger.owner.makeClient(), id = JSON.string(client.id)
        #expect(
            try faults("projects", ["client_id": .string(theirs.id), "name": "x"])
                == ["/client_id": "unknown_reference"])
        #expect(
            try faults(
                "projects",
                [
                    "client_id": id, "name": "x", "starts_on": "2030-02-01", "due_on": "2030-01-01",
                    "team": [.string(stranger.user.id)],
                ]) == ["/due_on": "out_of_range", "/team/0": "unknown_reference"])
        #expect(
            try faults("projects", ["client_id": id, "name": "x", "milestones": [["due_on": "x"]]])
                == ["/milestones/0/name": "required", "/milestones/0/due_on": "invalid_date"])
        let project = try owner.project(client)
        #expect(
            try faults(
                "tasks",
                [
                    "project_id": .string(project.id), "title": "x", "estimate": "2 days", "status": "gone",
                ]) == ["/status": "invalid_choice"])
        #expect(
            try faults(
                "tasks",
                [
                    "project_id": .string(project.id), "title": "x", "estimate": "2 days",
                    "assignee_id": .string(stranger.user.id),
                ]) == ["/estimate": "invalid_duration", "/assignee_id": "unknown_reference"])
        try owner.patch("/v1/projects/\(project.id)", ["client_id": .string(theirs.id)]).problem(422)
        try stranger.owner.get("/v1/projects/\(project.id)").problem(404)
        let viewer = try stranger.colleague("viewer")
        try viewer.post("/v1/projects", ["client_id": .string(theirs.id), "name": "x"])
            .problem(403, "forbidden")
    }

    @Test func `tasks go to whom of the team has the fewest, and are found by who, when and what for`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        _ = try agency.colleague("member")
        let users = try owner.every("/v1/users").map(\.id).sorted()
        let project = try owner.project(try owner.makeClient(), ["team": JSON(users)])
        let other = try owner.project(try owner.makeClient(["name": "Other"]))
        let tasks = try (0..<4).map {
            try owner.task(
                project, "T\($0)", ["due_on": .string("2030-01-0\($0 + 1)"), "shared": .bool($0 == 0)])
        }
        for user in users { #expect(tasks.count { $0.text("assignee_id") == user } == 2) }
        // A colleague who has done everything is free again.
        let free = users[1]
        for task in tasks where task.text("assignee_id") == free {
            try owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok()
        }
        #expect(try owner.task(project, "Next").text("assignee_id") == free)
        #expect(try owner.task(other, "Nobody's", ["priority": "urgent"])["assignee_id"] == .null)
        func found(_ query: String) throws -> Int { try owner.every("/v1/tasks?\(query)").count }
        #expect(try found("project_id=\(project.id)") == 5)
        #expect(try found("client_id=\(other.text("client_id"))") == 1)
        #expect(try found("assignee_id=\(free)&status=done") == 2)
        #expect(try found("shared=true") == 1 && found("priority=urgent") == 1)
        #expect(try found("due_on[gte]=2030-01-02&due_on[lte]=2030-01-03") == 2)
        #expect(try found("status=todo,blocked") == 4 && found("q=nobody") == 1)
        try owner.get("/v1/tasks?title=x").problem(400, "unknown_filter")
    }

    @Test func `a client's papers are its own`() throws {
        let owner = try server.quietAgency().owner
        let (client, other) = (try owner.makeClient(), try owner.makeClient(["name": "Other"]))
        let file = try owner.file("brief.txt")
        let paper = try owner.post(
            "/v1/documents",
            ["client_id": .string(client.id), "file_id": .string(file.id), "kind": "brief"]
        ).ok(201)
        #expect(paper.text("name") == "brief.txt" && paper.text("visibility") == "agency")
        try owner.patch("/v1/files/\(file.id)", ["client_id": .string(client.id)]).ok()
        #expect(
            try owner.post(
                "/v1/documents", ["client_id": .string(other.id), "file_id": .string(file.id)]
            ).faults() == ["/file_id": "unknown_reference"])
        let project = try owner.project(other)
        #expect(
            try owner.patch("/v1/documents/\(paper.id)", ["project_id": .string(project.id)]).faults()
                == ["/project_id": "unknown_reference"])
        try owner.patch("/v1/documents/\(paper.id)", ["visibility": "client"]).ok()
        #expect(try owner.told("document.shared").count == 1)
        #expect(try owner.every("/v1/documents?client_id=\(client.id)&visibility=client").count == 1)
        #expect(try owner.every("/v1/documents?client_id=\(other.id)").isEmpty)
    }
}
