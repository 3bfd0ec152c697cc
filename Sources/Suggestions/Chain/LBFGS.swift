import Glibc

/// Minimises a smooth function by limited-memory BFGS (Nocedal 1980; Nocedal and Wright, Numerical Optimization, algorithms 7.4
/// and 7.5) with a backtracking line search for the strong decrease condition.
struct LBFGS {
    /// Pairs of steps and gradient changes that are kept.
    var memory = 6
    var maximumIterations = 120
    /// Stops when the value fell by less than this share over the last `period` iterations.
    var tolerance = 1e-5
    var period = 10

    struct Result {
        var point: [Double]
        var value: Double
        var iterations: Int
        var evaluations: Int
    }

    /// - Parameter function: Sets the gradient at a point and returns the value there.
    func minimize(from start: [Double], _ function: ([Double], inout [Double]) -> Double) -> Result {
        var point = start
        var gradient = Array(repeating: 0.0, count: start.count)
        var value = function(point, &gradient)
        var result = Result(point: point, value: value, iterations: 0, evaluations: 1)
        var steps: [[Double]] = []
        var changes: [[Double]] = []
        var curvatures: [Double] = []
        var pastValues = [value]
        var newPoint = point
        var newGradient = gradient
        while result.iterations < maximumIterations {
            let gradientNorm = sqrt(dot(gradient, gradient))
            guard gradientNorm > 1e-5 * max(1, sqrt(dot(point, point))) else { break }
            var direction = gradient.map { -$0 }
            var factors = Array(repeating: 0.0, count: steps.count)
            for index in steps.indices.reversed() {
                factors[index] = dot(steps[index], direction) / curvatures[index]
                add(-factors[index], changes[index], to: &direction)
            }
            if let change = changes.last, let curvature = curvatures.last {
                let scale = curvature / dot(change, change)
                for index in direction.indices { direction[index] *= scale }
            }
            for index in steps.indices {
                add(factors[index] - dot(changes[index], direction) / curvatures[index], steps[index], to: &direction)
            }
            let slope = dot(gradient, direction)
            guard slope < 0 else { break }
            var length = steps.isEmpty ? 1 / gradientNorm : 1.0
            var hasMoved = false
            for _ in 0..<20 {
                for index in point.indices { newPoint[index] = point[index] + length * direction[index] }
                let newValue = function(newPoint, &newGradient)
                result.evaluations += 1
                if newValue <= value + 1e-4 * length * slope {
                    value = newValue
                    hasMoved = true
                    break
                }
                // The minimum of the parabola through both values and the slope, kept within bounds.
                let parabola = -slope * length * length / (2 * (newValue - value - slope * length))
                length = min(max(parabola, 0.1 * length), 0.5 * length)
            }
            guard hasMoved else { break }
            result.iterations += 1
            var step = newPoint
            add(-1, point, to: &step)
            var change = newGradient
            add(-1, gradient, to: &change)
            let curvature = dot(step, change)
            swap(&point, &newPoint)
            swap(&gradient, &newGradient)
            if curvature > 1e-12 * dot(change, change) {
                if steps.count == memory {
                    steps.removeFirst()
                    changes.removeFirst()
                    curvatures.removeFirst()
                }
                steps.append(step)
                changes.append(change)
                curvatures.append(curvature)
            }
            pastValues.append(value)
            if pastValues.count > period, pastValues[pastValues.count - 1 - period] - value < tolerance * abs(value) { break }
        }
        result.point = point
        result.value = value
        return result
    }
}

/// Eight running sums, in a fixed order: the compiler may not reorder additions itself.
private func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = left.count / 8 * 8
    for index in stride(from: 0, to: whole, by: 8) {
        for lane in 0..<8 { sums[lane] += left[index + lane] * right[index + lane] }
    }
    var sum = sums.sum()
    for index in whole..<left.count { sum += left[index] * right[index] }
    return sum
}

private func add(_ factor: Double, _ vector: [Double], to sum: inout [Double]) {
    for index in vector.indices { sum[index] += factor * vector[index] }
}
