import AWS

/// Addresses of S3, which stand for `s3://` URIs in AWS's API and in templates.
extension ObjectURI {
    /// The object, or prefix, that a member of AWS's API names: `s3://BUCKET/KEY` or an https address of S3 (contracts section 2).
    ///
    /// - Throws: ``StorageError`` `.badURI` that repeats the text and says what is expected.
    package init(member text: String) throws(StorageError) {
        if let uri = ObjectURI(httpsAddress: text) {
            self = uri
            return
        }
        guard text.hasPrefix("s3://") else {
            throw StorageError(
                .badURI, "`\(text)` names no object of S3; expected s3://BUCKET/KEY or https://BUCKET.s3.REGION.amazonaws.com/KEY")
        }
        self = try ObjectURI(received: text)
    }

    /// The object that an https address of S3 names, in path or virtual-host style (S3 user guide, "Methods for accessing a bucket");
    /// `nil` for every other text. The key is percent-decoded; what follows `?` or `#` says how to get it and is left out.
    package init?(httpsAddress text: String) {
        guard text.hasPrefix("https://") else { return nil }
        let rest = text.dropFirst("https://".count).prefix { $0 != "?" && $0 != "#" }
        let host = rest.prefix { $0 != "/" }
        guard host.hasSuffix(".amazonaws.com"), let path = PercentEncoding.decode(rest.dropFirst(host.count + 1)) else {
            return nil
        }
        let labels = host.dropLast(".amazonaws.com".count).split(separator: ".", omittingEmptySubsequences: false)
        guard let service = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }), labels.count - service <= 3 else {
            return nil
        }
        let name = service == 0 ? path : "\(labels[..<service].joined(separator: "."))/\(path)"
        guard let uri = try? ObjectURI(received: "s3://\(name)") else { return nil }
        self = uri
    }
}
