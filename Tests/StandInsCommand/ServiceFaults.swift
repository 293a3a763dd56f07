import Foundation
import StandIns

/// Faults that any service may have which keeps records, posts or figures.
enum ServiceFaults {
    static let words =
        "Such a service is spoilt as: lost, slow, cut, shape, busy, expired, broken or twice."

    /// The treatment of its next request, and its name; `nil` where there is no such fault.
    static func turn(_ how: String) -> (ServiceStandIn.Turn, words: String)? {
        switch how {
        case "lost": (.cutDone, "is done, and the connection ends before the answer")
        case "slow": (.wait { Thread.sleep(forTimeInterval: 8) }, "is answered after eight seconds")
        case "cut":
            (.cutWithin(StandInAnswer(200, #"{"data":"#)), "is not done, and its answer ends in the middle")
        case "shape":
            (
                .answer(200, "<html>Back soon</html>", headers: [("Content-Type", "text/html")]),
                "is not done, and answered by a page"
            )
        case "busy":
            (.answer(429, headers: [("Retry-After", "5")]), "is one too many: to come again in five seconds")
        case "expired": (.answer(401), "is refused, as if the key were no longer good")
        case "broken": (.answer(500), "is answered by 500, and not done")
        case "twice": (.twice, "is done, and answered twice")
        default: nil
        }
    }
}
