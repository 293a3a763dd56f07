internal import Foundation
package import JSON

/// Google Places, asked by text. It tells six places on three pages, of which one is closed for good and one comes
/// twice. `none` in the text finds nothing, `slow` is answered after 20 seconds, and the key `quota` has nothing left.
/// A question without a mask is refused, and so is one for a further page that does not repeat the rest.
package final class GooglePlacesStandIn: Sendable {
    package let apiKey = "places-key"
    package let service: ServiceStandIn

    package init() throws {
        let apiKey = apiKey
        service = try ServiceStandIn { request in
            switch request.header("X-Goog-Api-Key") {
            case apiKey?: break
            case "quota"?: return Self.refused(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
            default: return Self.refused(400, "INVALID_ARGUMENT", "API_KEY_INVALID")
            }
            guard request.method == "POST", request.path == "/v1/places:searchText",
                let asked = (try? JSONParser.parse(request.body))?.object
            else { return Self.refused(404, "NOT_FOUND", "NOT_FOUND") }
            guard let mask = request.header("X-Goog-FieldMask"), let text = asked["textQuery"]?.text else {
                return Self.refused(400, "INVALID_ARGUMENT", "FIELD_MASK_REQUIRED")
            }
            if text.contains("slow") { Thread.sleep(forTimeInterval: 20) }
            if text.contains("none") { return Self.answer([:]) }
            return Self.page(asked, Set(mask.split(separator: ",").map(String.init)))
        }
    }

    /// Its entry of a place.
    package static func told(_ number: Int) -> JSON {
        [
            "id": .string("ChIJ\(number)"),
            "displayName": ["text": .string("Place \(number)"), "languageCode": "es"],
            "websiteUri": .string("https://place\(number).example/"),
            "businessStatus": number == 4 ? "CLOSED_PERMANENTLY" : "OPERATIONAL",
            "googleMapsUri": .string("https://maps.google.com/?cid=\(number)"), "rating": 4.6,
            "formattedAddress": "Gran Vía 1, 48001 Bilbao, Spain",
            "internationalPhoneNumber": "+34 944 00 00 00",
        ]
    }

    /// A page is asked for by what was told with the one before: its number, and the question.
    private static func page(_ asked: JSONObject, _ mask: Set<String>) -> StandInAnswer {
        var question = asked
        question.remove("pageToken")
        let words = JSON.object(question).serialized, token = asked["pageToken"]?.text
        guard token == nil || token == "p2 \(words)" || token == "p3 \(words)" else {
            return refused(400, "INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")
        }
        let number = token.map { $0.hasPrefix("p2") ? 2 : 3 } ?? 1
        let places = [[1, 2], [3, 4], [5, 1]][number - 1].map { place -> JSON in
            let members = (told(place).object?.members ?? []).filter { mask.contains("places.\($0.key)") }
            return .object(JSONObject(members))
        }
        var answer: JSON = ["places": .array(places)]
        if number < 3, mask.contains("nextPageToken") {
            answer = answer.merging(["nextPageToken": .string("p\(number + 1) \(words)")])
        }
        return self.answer(answer)
    }

    private static func answer(_ json: JSON) -> StandInAnswer {
        StandInAnswer(200, json.serialized, headers: [("Content-Type", "application/json; charset=UTF-8")])
    }

    private static func refused(_ status: Int, _ code: String, _ reason: String) -> StandInAnswer {
        let detail: JSON = [
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": .string(reason),
            "domain": "googleapis.com",
        ]
        let error: JSON = [
            "code": JSON(status), "message": .string(reason), "status": .string(code), "details": [detail],
        ]
        return StandInAnswer(status, (["error": error] as JSON).serialized)
    }
}
