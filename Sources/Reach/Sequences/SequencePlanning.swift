internal import Database
internal import JSON
internal import Messages
internal import Records
internal import Telemetry
internal import Tenancy

extension SequenceStore {
    /// Returns how many more people may begin with a sequence, so that an agent's messages of the day on which their
    /// first one is due stay within its limit: those that were sent, those that wait, and those that fall due are
    /// counted.
    package func messagesLeft(
        of agent: String, _ limit: Int, beginning sequence: MessageSequence
    ) throws -> Int {
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let first = sequence.steps.list.first?.timing.due(after: tx.now, in: zone) ?? tx.now
        let isToday = zone.day(of: first) == zone.day(of: tx.now)
        let sent = isToday ? try tx.sendCounts.today(SendScope.agent(agent), zone) : 0
        let author = Actor.agent(agent).json.serialized
        let planned = try tx.int(
            """
            SELECT count(*) FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND status = 'active' AND author = \(author) AND next_channel <> 'task'
                AND (message_id IS NOT NULL OR next_at < \(zone.nextDay(after: first)))
            """)
        return max(0, limit - sent - Int(planned ?? 0))
    }
}
