package import Database
package import JSON
internal import Records
package import Telemetry

/// Something that has happened to a tenant's data: one row of `events`.
package struct Event: StoredRow {
    /// Counts the tenant's events from 1, in the order of their commits.
    package let row: Int64
    package let id: String, type: String
    package let subject: Subject
    /// JSON text.
    package let data: String
    package let createdAt: Instant

    /// Shown to whoever follows at this moment, and kept nowhere: it has no id, and is never sent again.
    package var isPassing: Bool { row == 0 }

    /// A sample, that somebody made to try out a receiver.
    package var isTest: Bool { data.containsBytes("\"test\"") && JSON(stored: data)["test"] == true }

    /// The event as in the API and in the stream's frames.
    package var json: [UInt8] {
        var writer = JSONWriter()
        write(into: &writer)
        return writer.bytes
    }

    /// Writes the event; `record` is its subject.
    package func write(into writer: inout JSONWriter, record: JSON? = nil) {
        writer.beginObject()
        if !isPassing {
            writer.key("id")
            writer.string(id)
        }
        writer.key("type")
        writer.string(type)
        writer.member("subject", subject.json)
        writer.key("data")
        if let record {
            let isEmpty = data == "{}"
            writer.raw("{\"record\":\(record.serialized)\(isEmpty ? "" : ",")\(data.dropFirst())".utf8)
        } else {
            writer.raw(data.utf8)
        }
        writer.key("created_at")
        writer.string(createdAt.description)
        writer.endObject()
    }

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (self.row, id, type) = (row.int64("row"), row.text("id"), row.text("type"))
        subject = row.subject()
        (data, createdAt) = (row.text("data"), row.instant("created_at"))
    }

    init(row: Int64, id: String, type: String, subject: Subject, data: String, createdAt: Instant) {
        (self.row, self.id, self.type, self.subject) = (row, id, type, subject)
        (self.data, self.createdAt) = (data, createdAt)
    }
}

/// The event that this transaction told last.
private struct LastEvent {
    let row: Int64
}

/// One of many events that are published at once.
package struct EventDraft: Sendable {
    package let type: String
    package let subject: Subject
    package let data: JSON

    package init(_ type: String, _ subject: Subject, _ data: JSON = [:]) {
        (self.type, self.subject, self.data) = (type, subject, data)
    }
}

extension Transaction {
    /// Tells the tenant's listeners, and the agents that are triggered by it, that something has happened: in
    /// this transaction, so that there is an event if and only if it did. A test starts no agent and wakes no
    /// workflow. Returns the event's id.
    @discardableResult
    package func publish(
        _ type: String, _ subject: Subject, _ data: JSON = [:], isTest: Bool = false
    ) throws -> String {
        let event = try next(EventDraft(type, subject, data))
        try store([event])
        if runtime.events.hasSubscribers(tenant) {
            let (runtime, tenant) = (runtime, tenant)
            onCommit { runtime.events.deliver(event, to: tenant) }
        } else {
            passOver()
        }
        try consume([event], isTest: isTest)
        return event.id
    }

    /// Publishes many events at once: agents that they trigger are asked once.
    package func publish(all drafts: [EventDraft]) throws {
        guard !drafts.isEmpty else { return }
        let events = try drafts.map(next)
        try store(events)
        passOver()
        try consume(events, isTest: false)
    }

    private func next(_ draft: EventDraft) throws -> Event {
        let row = try (noted(LastEvent.self)?.row ?? events.lastRow()) + 1
        note(LastEvent(row: row))
        return Event(
            row: row, id: makeID("evt_"), type: draft.type, subject: draft.subject,
            data: draft.data.serialized, createdAt: now)
    }

    private func store(_ events: [Event]) throws {
        guard dialect == .sqlite else { return try run(insertEvents, events.map { values(of: $0) }) }
        var rows: [[SQLValue]] = []
        for event in events {
            let place = try Places.place(of: event.row, in: self)
            rows.append(values(of: event, at: place.sqlValue))
        }
        try run(placeEvents, rows)
    }

    private func values(of event: Event, at place: SQLValue? = nil) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(9)
        values += [
            tenant.sqlValue, event.row.sqlValue, event.id.sqlValue, event.type.sqlValue,
            event.subject.type.sqlValue, event.subject.id.sqlValue, event.data.sqlValue, now.sqlValue,
        ]
        if let place { values.append(place) }
        return values
    }

    /// Subscribers that start before the commit find the events in the table.
    private func passOver() {
        let (runtime, tenant) = (runtime, tenant)
        onCommit { runtime.events.passedOver(tenant) }
    }

    private func consume(_ events: [Event], isTest: Bool) throws {
        let runtime = runtime
        for event in events {
            for consumer in runtime.eventConsumers { try consumer.published({ event }, in: self) }
            if !isTest { for part in runtime.parts { try part.published(event, in: self) } }
        }
        if !isTest { for part in runtime.parts { try part.published(all: events, in: self) } }
    }
}

extension Queryable {
    package var events: EventLog<Self> { EventLog(scope: self) }
}

/// The tenant's events, oldest first.
package struct EventLog<Scope: Queryable> {
    let scope: Scope

    /// The events after a row, at most `limit`.
    package func after(_ row: Int64, limit: Int) throws -> [Event] {
        let statement = scope.dialect == .sqlite ? placedEventsAfter : eventsAfter
        return try scope.all(statement, [scope.tenant.sqlValue, row.sqlValue, limit.sqlValue], Event.init)
    }

    /// The row of an event's id; what `Last-Event-ID` means.
    package func row(of id: String) throws -> Int64? {
        guard scope.dialect == .sqlite else { return try row(of: id, after: 0) }
        let last = try lastRow()
        return try rowByOrder(of: id, last) ?? row(of: id, after: last - Self.lookedThroughMax)
    }

    /// The newest events that are looked through for an id that their order does not lead to: a caller may name any,
    /// and must not have a file's whole history read.
    private static var lookedThroughMax: Int64 { 10_000 }

    private func row(of id: String, after row: Int64) throws -> Int64? {
        let statement = scope.dialect == .sqlite ? rowOfPlacedEvent : rowOfEvent
        return try scope.int(statement, [scope.tenant.sqlValue, id.sqlValue, row.sqlValue])
    }

    /// One process writes a file, so that ids rise with rows, and an index of them would only cost every event. Where a
    /// clock was set back between two starts it may miss one.
    private func rowByOrder(of id: String, _ last: Int64) throws -> Int64? {
        var from: Int64 = 1, end = last + 1
        while from < end {
            let middle = from + (end - from) / 2
            let found = try after(middle - 1, limit: 1).first
            if let found, found.id < id { from = found.row + 1 } else { end = middle }
        }
        return try after(from - 1, limit: 1).first { $0.id == id }?.row
    }

    /// The newest row; 0 before the first event.
    package func lastRow() throws -> Int64 {
        let statement = scope.dialect == .sqlite ? lastPlacedEvent : lastEvent
        return try scope.int(statement, [scope.tenant.sqlValue]) ?? 0
    }

    /// The distinct subjects of the events of some types after a row: what a triggered agent has to look at.
    package func subjects(of types: [String], after row: Int64, limit: Int) throws -> [Subject] {
        try scope.all(
            """
            SELECT subject_type, subject_id, max(row) FROM events \(Places.path(scope.dialect))
            WHERE tenant_id = \(scope.tenant) AND \(Places.between(row, in: scope)) AND type IN \(list: types)
            GROUP BY subject_type, subject_id ORDER BY max(row) LIMIT \(limit)
            """
        ) { Subject(type: $0.text(0), id: $0.text(1)) }
    }
}

private let insertEvents = RowsStatement(
    "INSERT INTO events (tenant_id, row, id, type, subject_type, subject_id, data, created_at)", columns: 8)

private let eventsAfter = Statement(
    """
    SELECT \(Event.columns) FROM events WHERE tenant_id = $1 AND row > $2 ORDER BY row LIMIT $3
    """)

private let rowOfEvent = Statement("SELECT row FROM events WHERE tenant_id = $1 AND id = $2 AND row > $3")

private let lastEvent = Statement("SELECT max(row) FROM events WHERE tenant_id = $1")

// A file's, which has events by their places.

private let placeEvents = RowsStatement(
    "INSERT INTO events (tenant_id, row, id, type, subject_type, subject_id, data, created_at, place)",
    columns: 9)

private let placedEventsAfter = Statement(
    """
    SELECT \(Event.columns) FROM events NOT INDEXED
    WHERE tenant_id = $1 AND \(Places.textAfter("$2")) ORDER BY place LIMIT $3
    """)

private let rowOfPlacedEvent = Statement(
    """
    SELECT row FROM events NOT INDEXED WHERE tenant_id = $1 AND id = $2 AND \(Places.textAfter("$3")) LIMIT 1
    """)

private let lastPlacedEvent = Statement(
    """
    SELECT row FROM events NOT INDEXED WHERE tenant_id = $1 AND \(Places.textAfter("0"))
    ORDER BY place DESC LIMIT 1
    """)
