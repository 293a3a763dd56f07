package import Database
package import JSON
internal import Jobs

/// The metrics of handovers, read from the counters that every handover keeps.
package struct HandoverMetrics: Sendable {
    package let requested: Int, answered: Int, reactivated: Int, released: Int, closed: Int, booked: Int
    /// The seconds that contacts waited, summed over the handovers that a person has answered.
    package let waitedSeconds: Int
    /// The number of handovers that were answered within so many minutes, by minutes.
    package let within: [Int: Int]

    private static let buckets = [5, 15, 30, 45, 60]

    /// The first of the limits, in minutes, that a wait is within; `later` beyond them.
    static func bucket(_ seconds: Int64) -> String {
        buckets.first { seconds <= Int64($0) * 60 }.map { "\($0)" } ?? "later"
    }

    package init(in reader: some Queryable) throws {
        let all = try reader.counters.all(prefix: "handovers.")
        func figure(_ name: String) -> Int { all["handovers.\(name)"] ?? 0 }
        (requested, answered, reactivated) = (
            figure("requested"), figure("answered"), figure("reactivated")
        )
        (released, closed, booked) = (figure("released"), figure("closed"), figure("booked"))
        waitedSeconds = figure("answered.seconds")
        var within: [Int: Int] = [:], sum = 0
        for limit in Self.buckets {
            sum += figure("answered.within.\(limit)")
            within[limit] = sum
        }
        self.within = within
    }

    /// The metrics as the API shows them; `response_seconds` is the mean wait, `null` where no handover was answered.
    package var json: JSON {
        [
            "requested": JSON(requested), "answered": JSON(answered), "reactivated": JSON(reactivated),
            "released": JSON(released), "closed": JSON(closed), "booking_sent": JSON(booked),
            "response_seconds": answered == 0 ? .null : JSON(waitedSeconds / answered),
            "answered_within_minutes": .object(
                JSONObject(Self.buckets.map { ("\($0)", JSON(within[$0] ?? 0)) })),
        ]
    }
}
