internal import Cryptography
internal import JSON

/// A picture that a model is to look at.
package struct ChatImage: Hashable, Sendable {
    /// The most that models count a picture for, in tokens.
    static let tokens = 1500

    /// Its media type, and its bytes as they are sent.
    package let type: String, bytes: [UInt8]

    package init(type: String, bytes: [UInt8]) { (self.type, self.bytes) = (type, bytes) }

    /// The part of a message that it is.
    var part: JSON {
        ["type": "image_url", "image_url": ["url": .string("data:\(type);base64,\(Base64.encode(bytes))")]]
    }
}
