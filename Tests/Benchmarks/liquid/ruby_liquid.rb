# ruby_liquid.rb TEMPLATE DATA SECONDS: renders over and over for so much CPU time and prints {"renderings":N,"seconds":S}.
# Ruby's Liquid has no autoescape.
require "json"
require "liquid"

module GroundTruthFilters
  def to_json(value) = JSON.generate(value)
  def grant_read_access(uri) = "https://objects.example/#{uri[5..]}?expires=600&signature=0a1b2c"
end

template = Liquid::Template.parse(File.read(ARGV[0]), error_mode: :strict)
data = JSON.parse(File.read(ARGV[1]))
count = 0
start = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
elapsed = 0
while elapsed < ARGV[2].to_f
  10.times { template.render!(data, filters: [GroundTruthFilters]) }
  count += 10
  elapsed = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - start
end
puts JSON.generate({ renderings: count, seconds: elapsed })
