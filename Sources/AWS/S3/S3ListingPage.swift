/// One page of a listing (`ListObjectsV2`).
struct S3ListingPage: Sendable {
    /// 1000 keys of 1024 bytes, each byte written as `%XX`, with what S3 says of them.
    static let maximumBytes = 8 << 20

    let keys: [String]
    /// What to ask the next page with; `nil` on the last one.
    let nextToken: String?

    /// - Throws: ``AWSError`` `.badResponse`.
    init(parsing bytes: [UInt8]) throws(AWSError) {
        let document = try XMLElement(parsing: bytes)
        guard document.name == "ListBucketResult" else {
            throw AWSError(.badResponse, "a listing was asked for, and <\(document.name)> came")
        }
        let isEncoded = document["EncodingType"]?.text == "url"
        keys = try document.children.filter { $0.name == "Contents" }.map { entry throws(AWSError) in
            guard let key = entry["Key"]?.text else { throw AWSError(.badResponse, "an entry of the listing has no key") }
            guard isEncoded else { return key }
            guard let decoded = PercentEncoding.formDecoded(key) else {
                throw AWSError(.badResponse, "the key `\(key)` of the listing is not UTF-8")
            }
            return decoded
        }
        let isTruncated = document["IsTruncated"]?.text == "true"
        nextToken = isTruncated ? document["NextContinuationToken"]?.text : nil
        guard !isTruncated || nextToken != nil else {
            throw AWSError(.badResponse, "the listing goes on, and its page does not say with which token")
        }
    }
}
