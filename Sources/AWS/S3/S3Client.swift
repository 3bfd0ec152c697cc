package import Transport

/// Amazon S3 and what speaks its protocol: objects of buckets by key.
///
/// Keys are sent byte for byte, be they `a//b`, `../a` or not ASCII. Every call is tried again where that may help; a server that hangs
/// ends at the policy's deadline.
package struct S3Client: Sendable {
    package let session: AWSSession
    private let endpoint: Sourced<HTTPURL>
    private let style: AWSSettings.AddressingStyle
    private let regions = BucketRegions()

    /// - Throws: ``AWSError`` `.badSetting`.
    package init(session: AWSSession) throws(AWSError) {
        self.session = session
        endpoint = try session.settings.endpoint(of: "s3")
        style = try session.settings.addressingStyle(endpointIsDefault: endpoint.origin == "default").value
    }

    // MARK: Objects

    /// - Throws: ``AWSError`` `.noSuchKey`, also for a missing bucket: the response has no body to tell them apart.
    package func head(bucket: String, key: String) async throws(AWSError) -> S3ObjectInfo {
        let response = try await call(S3Call("HEAD", bucket: bucket, key: key))
        return S3ObjectInfo(response)
    }

    /// Hands an object's bytes over in pieces. Where the connection breaks, reading goes on behind the last piece, of the same object.
    ///
    /// - Parameters:
    ///   - range: Bytes to read; it may reach beyond the end of the object. `nil` is all of it.
    ///   - piece: Its errors end the reading and are passed on.
    /// - Throws: ``AWSError``, or what `piece` throws.
    package func read(
        bucket: String, key: String, range: Range<Int>? = nil, piece: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        if range?.isEmpty == true { return }
        var offset = range?.lowerBound ?? 0
        var eTag: String?
        var attempts = Attempts(session.policy)
        while true {
            do {
                let call = S3Call.reading(bucket: bucket, key: key, from: offset, to: range?.upperBound, of: eTag)
                let response = try await self.call(call, attempts: &attempts)
                eTag = response.headers["ETag"]
                guard call.headers["Range"] == nil || response.status == 206 else {
                    throw AWSError(.badResponse, "\(call.name): the server sends the whole object where a part was asked for")
                }
                while true {
                    let bytes: [UInt8]?
                    do { bytes = try await response.body.next() } catch { throw AWSError(error, name: call.name) }
                    guard let bytes else { return }
                    attempts.noteProgress()
                    offset += bytes.count
                    do { try await piece(bytes[...]) } catch { throw ReaderFailure(cause: error) }
                }
            } catch let failure as ReaderFailure {
                throw failure.cause
            } catch let error as AWSError where error.status == 416 {
                // The object ends before the range, or ended exactly where an earlier connection broke.
                return
            } catch let error as AWSError {
                try await attempts.waitToRetry(after: error)
            }
        }
    }

    /// An error of whoever reads the pieces, as opposed to one of S3.
    private struct ReaderFailure: Error {
        let cause: any Error
    }

    /// Writes an object in one piece: readers see the old one or the new one.
    ///
    /// - Throws: ``AWSError`` `.preconditionFailed` when there is one and `options` say only if absent.
    package func put(
        _ body: S3Body, bucket: String, key: String, options: S3PutOptions = S3PutOptions()
    ) async throws(AWSError) {
        guard body.length <= S3Body.maximumBytes else {
            throw AWSError(.tooLarge, "s3://\(bucket)/\(key): \(body.length) bytes, S3 takes \(S3Body.maximumBytes) in one piece")
        }
        _ = try await call(S3Call.writing(body, bucket: bucket, key: key, options: options))
    }

    /// Deletes an object, if it is there.
    package func delete(bucket: String, key: String) async throws(AWSError) {
        _ = try await call(S3Call("DELETE", bucket: bucket, key: key))
    }

    // MARK: Listing

    /// All keys that begin with a prefix, in the order of their UTF-8 bytes; those of folder markers (`…/`) too.
    ///
    /// - Parameter limit: As many at most, the first ones; `nil` is all.
    package func keys(bucket: String, prefix: String, limit: Int? = nil) async throws(AWSError) -> [String] {
        var keys: [String] = []
        var token: String?
        var seen: Set<String> = []
        repeat {
            let call = S3Call.listing(bucket: bucket, prefix: prefix, token: token, limit: limit)
            let page = try await list(call)
            keys += page.keys
            token = page.nextToken
            if let token, !seen.insert(token).inserted {
                throw AWSError(.badResponse, "\(call.name): the listing goes round in circles")
            }
        } while token != nil && keys.count < limit ?? .max
        let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return limit.map { Array(sorted.prefix($0)) } ?? sorted
    }

    /// One page. It is small enough to be read whole and asked for again when it breaks off.
    private func list(_ call: S3Call) async throws(AWSError) -> S3ListingPage {
        var attempts = Attempts(session.policy)
        while true {
            let response = try await self.call(call, attempts: &attempts)
            do throws(AWSError) {
                let bytes: [UInt8]
                do { bytes = try await response.body.collect(atMost: S3ListingPage.maximumBytes) } catch {
                    throw AWSError(error, name: call.name)
                }
                return try S3ListingPage(parsing: bytes)
            } catch {
                try await attempts.waitToRetry(after: error)
            }
        }
    }

    // MARK: Presigned URLs

    /// A URL with which anybody can read an object for a time, be it there or not.
    ///
    /// - Parameter lifetimeSeconds: 1 to 604,800; with temporary credentials it ends with them at the latest.
    package func presignedURL(bucket: String, key: String, lifetimeSeconds: Int) async throws(AWSError) -> HTTPURL {
        let credentials = try await session.credentials.credentials(rejecting: nil)
        let signer = RequestSigner(credentials: credentials, region: region(of: bucket), service: "s3")
        let url = S3Call("GET", bucket: bucket, key: key).url(try base(of: bucket))
        return signer.presigned("GET", url, lifetimeSeconds: lifetimeSeconds, at: session.caller.now())
    }

    // MARK: Calls

    private func region(of bucket: String) -> String { regions[bucket] ?? session.settings.region.value }

    /// The URL of a bucket, without a slash at its end.
    private func base(of bucket: String) throws(AWSError) -> HTTPURL {
        let isDefault = endpoint.origin == "default"
        var url = isDefault ? AWSSettings.endpoint(of: "s3", region: region(of: bucket)) : endpoint.value
        // The certificate for *.s3.… does not cover names with dots.
        if style == .virtual, !(url.scheme == .https && bucket.contains(".")) {
            url.authority = "\(bucket).\(url.authority)"
        } else {
            url.path += "/\(bucket)"
        }
        return url
    }

    private func call(_ call: S3Call) async throws(AWSError) -> IncomingResponse {
        var attempts = Attempts(session.policy)
        return try await self.call(call, attempts: &attempts)
    }

    /// Calls until there is a response with a status below 300, or no hope.
    private func call(_ call: S3Call, attempts: inout Attempts) async throws(AWSError) -> IncomingResponse {
        var credentials = try await session.credentials.credentials(rejecting: nil)
        var base = try base(of: call.bucket)
        var redirects = 0
        while true {
            let signer = RequestSigner(credentials: credentials, region: region(of: call.bucket), service: "s3")
            var request = call.request(call.url(base))
            request.stallTimeout = min(session.policy.stallTimeout, attempts.remaining)
            do throws(AWSError) {
                return try await session.caller.send(request, signer: signer, payload: call.payload, name: call.name)
            } catch {
                if redirects < 3, let target = try self.base(after: error, bucket: call.bucket, sentTo: base) {
                    (base, redirects) = (target, redirects + 1)
                } else if redirects < 3, error.isAboutCredentials, error.code != .noCredentials {
                    let other = try await session.credentials.credentials(rejecting: credentials)
                    guard other != credentials else { throw error }
                    (credentials, redirects) = (other, redirects + 1)
                } else {
                    try await attempts.waitToRetry(after: error)
                }
            }
        }
    }

    /// Where to ask instead, when S3 says that the bucket lies elsewhere.
    private func base(after error: AWSError, bucket: String, sentTo base: HTTPURL) throws(AWSError) -> HTTPURL? {
        if let region = error.bucketRegion, AWSSettings.isRegion(region), region != self.region(of: bucket) {
            regions.note(region, of: bucket)
            return try self.base(of: bucket)
        }
        guard error.status == 307, let location = error.location, let target = try? HTTPURL(parsing: location) else { return nil }
        // A signed request goes to whom the settings name, and to nobody else that a response names.
        let isAWS = [".amazonaws.com", ".amazonaws.com.cn"].contains { base.host.hasSuffix($0) && target.host.hasSuffix($0) }
        guard target.host == base.host || isAWS, target.scheme == .https || base.scheme == .http else {
            throw AWSError(.badResponse, "s3://\(bucket): a redirect to \(target.host), where credentials are not sent")
        }
        var redirected = base
        (redirected.scheme, redirected.authority) = (target.scheme, target.authority)
        return redirected
    }
}
