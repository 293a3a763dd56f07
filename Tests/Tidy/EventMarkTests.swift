import Testing

/// Jobs that keep a mark of the last event they have looked at.
struct EventMarks {
    @Test func `are moved by one job at a time`() {
        let jobs = Project.sources.filter { source in
            let code = source.code.joined(separator: "\n")
            return code.contains(": JobKind {") && code.contains("events.after(")
        }
        #expect(jobs.count >= 3, "jobs read events in another way now: look for them here")
        let faults = jobs.filter { !$0.code.contains { $0.contains("JobLimits(concurrency: 1)") } }
        expectNone(
            faults.map(\.path),
            "Two jobs that go on from one mark do the same work twice, and move it back: limit them to one at a time:")
    }
}
