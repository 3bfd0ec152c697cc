/// Transforms elements, several at a time; the results are in the order of the elements.
///
/// - Parameter width: How many are in work at once.
/// - Throws: What was thrown for the first of the elements, once all are done.
func concurrentMap<Element: Sendable, Output: Sendable>(
    _ elements: [Element], width: Int, _ transform: @escaping @Sendable @concurrent (Element) async throws(JobError) -> Output
) async throws(JobError) -> [Output] {
    let results = await withTaskGroup(of: (index: Int, result: Result<Output, JobError>).self) { group in
        var results = [Result<Output, JobError>?](repeating: nil, count: elements.count)
        for (index, element) in elements.enumerated() {
            if index >= width, let done = await group.next() { results[done.index] = done.result }
            group.addTask {
                do throws(JobError) { return (index, .success(try await transform(element))) } catch {
                    return (index, .failure(error))
                }
            }
        }
        for await done in group { results[done.index] = done.result }
        return results
    }
    var outputs: [Output] = []
    for case let result? in results { outputs.append(try result.get()) }
    return outputs
}
