internal import Records

/// Work that the interfaces of networks do not offer, or their terms leave to people: it is prepared, and a person does
/// it.
package enum HandWork: String, Choice {
    /// Something that is said in a group.
    case group
    case event
    /// Talk that people listen to live.
    case space
    /// People who are asked to connect.
    case connections
    /// A film that stands with a sound of the network's own.
    case sound
    case challenge
    /// A story that stands with stickers, music or a poll.
    case stickers
    /// Products that are tagged in a picture.
    case productTags = "product_tags"
}
