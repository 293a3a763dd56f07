internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Records
internal import Routing
internal import RuntimeRoutes

func outreachTaskRoutes(_ routes: inout Routes) {
    routes.standard(
        OutreachTask.resource, read: "sequences:read", write: "sequences:write", create: false, delete: false)
    routes.declare(TaskBody.self)
    for (verb, status) in [("done", OutreachTask.Status.done), ("skip", .skipped)] {
        routes.post(
            "/v1/outreach-tasks/{id}/\(verb)", .permission("sequences:write"),
            status == .done
                ? "Complete a task; its sequence continues" : "Skip a task; its sequence continues",
            body: .json(.reference("TaskBody"), isOptional: true), .record(OutreachTask.resource)
        ) { call in
            let id = try call.id("id", of: OutreachTask.self)
            let note = try call.request.bytes.isEmpty ? nil : call.body(TaskBody.self).note
            return .write { tx in
                let task = try OutreachTask.resource.get(id, in: tx)
                try call.checkVersion(task.version)
                guard task.status == .open else {
                    throw Problem(
                        .invalidTransition,
                        "The task is \(task.status.rawValue): only an open one is done or skipped.",
                        extra: ["allowed": []])
                }
                try tx.enrollments.end(task, as: status, by: call.actor, note: note)
                return .record(try OutreachTask.resource.get(id, in: tx))
            }
        }
    }
}

struct TaskBody: Declared {
    var note: String?
    static let schema = Schema<TaskBody>(
        "TaskBody", [.text("note", \.note, max: 2000, .about("The outcome of the task."))])
}
