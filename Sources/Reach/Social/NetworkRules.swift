package import JSON
package import Media
internal import Records

/// Tells what a network takes: what is checked, written and shown follows this.
package struct NetworkRules: Sendable {
    package let network: SocialNetwork
    /// The way in which the network counts the characters of a text, and the most that it takes.
    package let counting: TextCounting
    package var textMax: Int
    package let formats: [PostFormat]
    /// The most hashtags of one post; `nil`: as many as there is room for.
    package var hashtagsMax: Int?
    /// The most mentions of one post; `nil`: likewise.
    package var mentionsMax: Int?
    package var imagesMax: Int
    /// Whether no post stands there without a picture or a film.
    package var needsMedia = false
    package var image: ImageRules
    /// `nil`: no films.
    package var video: VideoRules?
    /// The rules of films that stand as shorts; `nil`: those of all films.
    package var short: VideoRules?
    /// The rules of films that stand as reels, likewise.
    package var reel: VideoRules?
    package var takesFirstComment = false
    /// Whether pictures and films may stand in one post.
    package var mixesMedia = false
    /// Tells what a person has to choose before each post, with the values that the network knows.
    package var requiredOptions: [RequiredOption] = []
    /// Whether a post that stands can be taken back by the network's interface.
    package var takesBack = false
    /// Tells what can be changed of a film that stands; `nil`: nothing.
    package var changes: ChangeRules?
    /// The limits of products that are tagged in what is published; `nil`: none are.
    package var products: ProductRules?
    /// Whether its interface marks films alone, so that people publish pictures that a model has made.
    package var marksFilmsAlone = false
    /// The most posts of an account within a day; `nil`: as many as the network takes when it is asked.
    package var dayMax: Int?
    /// The price of a thousand posts where the network is paid by use, in US cents; `nil`: it is not.
    package var price: Int?
    /// The version of the network's interface, where integrations say no other; `nil`: its addresses name it.
    package var apiVersion: String?

    /// The rules by which longer pieces become posts there.
    package var adapting: AdaptingRules

    package struct AdaptingRules: Sendable {
        /// The length, in the network's characters, up to which people read what stands in whole elsewhere.
        package var length: Int
        /// The hashtags that are chosen for a post.
        package var hashtags: Int
        /// The most parts of a thread.
        package var partsMax = 1
        /// Whether links in texts lead somewhere.
        package var hasLinks = true
        /// Whether the network refuses texts with angle brackets.
        package var refusesAngles = false
    }

    package struct RequiredOption: Sendable {
        package let name: String, values: [String]
    }

    package struct ChangeRules: Sendable {
        /// The longest title, in UTF-16 units.
        package var titleMax: Int
        /// The most characters of all tags together.
        package let tagsMax: Int
        /// The media types and the size of thumbnails.
        package let thumbnailTypes: [String], thumbnailBytesMax: Int
        /// The zone by whose days the network counts, and how long after a day its figures are whole.
        package let dayZone: String, figuresAfter: Duration
    }

    package struct ImageRules: Sendable {
        package let types: [String]
        package var bytesMax: Int
        /// Width divided by height; `nil`: any.
        package var ratio: ClosedRange<Double>?
        /// The longest side, in points; `nil`: any.
        package var sideMax: Int?
        package var pixelsMax: Int?
    }

    package struct VideoRules: Sendable {
        package let types: [String]
        package var bytesMax: Int
        package var seconds: ClosedRange<Double>?
        package var ratio: ClosedRange<Double>?
        /// The codecs of picture and sound, by their usual names; none: any.
        package var codecs: [String] = [], audioCodecs: [String] = []
        /// The frame rates that it takes, in pictures a second.
        package var frameRate: ClosedRange<Double>?
    }

    /// The shape that pictures need in a format.
    package func imageRatio(of format: PostFormat) -> ClosedRange<Double>? {
        format == .story ? nil : image.ratio
    }

    /// The longest side that pictures have in a format: a story fills the screen.
    private func imageSide(of format: PostFormat) -> Int? { format == .story ? nil : image.sideMax }

    /// Returns the rules of films in a format; `nil`: the network takes none.
    package func films(of format: PostFormat) -> VideoRules? {
        switch format {
        case .short: short ?? video
        case .reel: reel ?? video
        default: video
        }
    }

    /// Returns how pictures are made to fit in a format; `nil`: the network takes none.
    package func recipe(of format: PostFormat) -> PictureRecipe? {
        guard !image.types.isEmpty, !isFilm(format) else { return nil }
        return PictureRecipe(
            types: image.types, bytesMax: image.bytesMax, ratio: imageRatio(of: format),
            sideMax: imageSide(of: format), pixelsMax: image.pixelsMax)
    }

    /// Returns how a film, or a part of it, is made to fit in a format; `nil`: the network takes none.
    package func filmRecipe(of format: PostFormat, part: FilmPart?) -> FilmRecipe? {
        guard let films = films(of: format) else { return nil }
        var recipe = FilmRecipe(types: films.types, bytesMax: min(films.bytesMax, FilmRecipe.bytesMax))
        (recipe.ratio, recipe.frameRate) = (films.ratio, films.frameRate)
        (recipe.codecs, recipe.audioCodecs) = (films.codecs, films.audioCodecs)
        recipe.part = part
        return recipe
    }

    /// Returns whether a post of a format has a film, and nothing else.
    package func isFilm(_ format: PostFormat) -> Bool { [.reel, .short, .video].contains(format) }

    package var json: JSON {
        var object: JSONObject = [
            "network": .string(network.rawValue), "text_max": JSON(textMax),
            "text_unit": .string(counting.rawValue), "hashtags_max": JSON(hashtagsMax),
            "images_max": JSON(imagesMax), "formats": JSON(formats.map(\.rawValue)),
            "media_required": .bool(needsMedia), "first_comment": .bool(takesFirstComment),
            "image_types": JSON(image.types), "image_bytes_max": JSON(image.bytesMax),
            "image_ratio_min": Self.figure(image.ratio?.lowerBound),
            "image_ratio_max": Self.figure(image.ratio?.upperBound),
            "image_side_max": JSON(image.sideMax), "image_pixels_max": JSON(image.pixelsMax),
            "video_types": JSON(video?.types ?? []), "video_bytes_max": JSON(video?.bytesMax),
        ]
        object.append("video_seconds_min", Self.figure(video?.seconds?.lowerBound))
        object.append("video_seconds_max", Self.figure(video?.seconds?.upperBound))
        object.append("video_codecs", JSON(video?.codecs ?? []))
        object.append("audio_codecs", JSON(video?.audioCodecs ?? []))
        object.append("video_frame_rate_min", Self.figure(video?.frameRate?.lowerBound))
        object.append("video_frame_rate_max", Self.figure(video?.frameRate?.upperBound))
        object.append("required_options", JSON(requiredOptions.map(\.name)))
        object.append("removable", .bool(takesBack))
        object.append("title_max", JSON(changes?.titleMax))
        object.append("thumbnail_types", JSON(changes?.thumbnailTypes ?? []))
        object.append("thumbnail_bytes_max", JSON(changes?.thumbnailBytesMax))
        object.append("product_tags_max", JSON(products?.ofPost))
        object.append("text_advised", JSON(adapting.length))
        object.append("mentions_max", JSON(mentionsMax))
        object.append("hashtags_advised", JSON(adapting.hashtags))
        object.append("posts_per_day", JSON(dayMax))
        object.append("price", JSON(price))
        object.append("api_version", JSON(apiVersion))
        return .object(object)
    }

    private static func figure(_ value: Double?) -> JSON {
        guard let value else { return .null }
        return .number(value)
    }

    package static let schema: JSON = {
        func described(_ type: JSON, _ about: String) -> JSON {
            ["type": type, "description": .string(about)]
        }
        func texts(_ about: String) -> JSON {
            described("array", about).merging(["items": ["type": "string"]])
        }
        let (count, figure): (JSON, JSON) = (["integer", "null"], ["number", "null"])
        return .schema(
            [
                "network": ["enum": JSON(SocialNetwork.choices), "description": "The network."],
                "text_max": ["type": "integer", "description": "The most characters of a text."],
                "text_unit": [
                    "enum": JSON(TextCounting.allCases.map(\.rawValue)),
                    "description": "How the network counts them.",
                ],
                "hashtags_max": described(count, "The most hashtags; null: as many as there is room for."),
                "mentions_max": described(count, "The most mentions; null: as many as there is room for."),
                "images_max": described("integer", "The most pictures of a post."),
                "formats": [
                    "type": "array", "items": ["enum": JSON(PostFormat.choices)],
                    "description": "The shapes in which a post may stand.",
                ],
                "media_required": described("boolean", "Whether no post stands without a picture or film."),
                "first_comment": described("boolean", "Whether something can be said below a post at once."),
                "image_types": texts("The media types of pictures."),
                "image_bytes_max": described("integer", "The most bytes of a picture."),
                "image_ratio_min": described(figure, "The narrowest picture, as width divided by height."),
                "image_ratio_max": described(figure, "The widest picture, as width divided by height."),
                "image_side_max": described(
                    count,
                    "The longest side of a picture, in points; null: any. Larger ones are made smaller."),
                "image_pixels_max": described(count, "The most points of a picture; null: any."),
                "video_types": texts("The media types of films; none: no films."),
                "video_bytes_max": described(count, "The most bytes of a film."),
                "video_seconds_min": described(figure, "How long a film is at least, in seconds."),
                "video_seconds_max": described(figure, "How long a film is at most, in seconds."),
                "video_codecs": texts("The codecs of films' pictures; none: any."),
                "audio_codecs": texts("The codecs of films' sound; none: any."),
                "video_frame_rate_min": described(figure, "The fewest pictures of a film in a second."),
                "video_frame_rate_max": described(figure, "The most pictures of a film in a second."),
                "required_options": texts("The options that have to be chosen for each post, by name."),
                "removable": described("boolean", "Whether a post that stands can be taken back."),
                "title_max": described(
                    count,
                    "The most characters of the title of a film that stands; null: it has none to change."),
                "thumbnail_types": texts(
                    "The media types of thumbnails of films that stand; none: they cannot be set."),
                "thumbnail_bytes_max": described(count, "The most bytes of a thumbnail."),
                "product_tags_max": described(
                    count, "The most products that are tagged in a post; null: none are."),
                "text_advised": [
                    "type": "integer", "description": "The most characters that longer pieces are cut to.",
                ],
                "hashtags_advised": [
                    "type": "integer", "description": "How many hashtags are chosen for longer pieces.",
                ],
                "posts_per_day": described(
                    count, "The most posts of an account within a day; null: as many as the network takes."),
                "price": described(
                    count,
                    "The price of a thousand posts in US cents, unless an integration says otherwise; "
                        + "null: the network is not paid by use."),
                "api_version": described(
                    ["string", "null"],
                    "The version of the network's interface, unless an integration says "
                        + "another; null: its addresses name it."),
            ], required: ["network", "text_max", "text_unit", "images_max", "formats"])
    }()
}

extension SocialNetwork {
    /// The network's rules, as its own documentation has them.
    fileprivate var documented: NetworkRules {
        switch self {
        case .instagram: .instagram
        case .linkedin: .linkedin
        case .x: .x
        case .tiktok: .tiktok
        case .facebook: .facebook
        case .youtube: .youtube
        }
    }

    /// The network's rules, as the installation has them.
    package var rules: NetworkRules { NetworkChange.changed(self) ?? documented }
}

extension SocialNetwork {
    /// Tells what people call it.
    package var title: String {
        switch self {
        case .instagram: "Instagram"
        case .linkedin: "LinkedIn"
        case .x: "X"
        case .tiktok: "TikTok"
        case .facebook: "Facebook"
        case .youtube: "YouTube"
        }
    }
}
