package import HTTPServer
import JSON
package import Records

extension Problem {
    package func response(requestID: String) -> Response {
        Response(
            status: type.status, headers: [("Content-Type", "application/problem+json")] + headers,
            body: .bytes(json(requestID: requestID).bytes))
    }
}
