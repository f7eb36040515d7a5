/* tests/kafka/Tool.java -- what the tests do with a broker, by Kafka's own Java client.
 *
 * `Tool BOOTSTRAP` reads one JSON object a line from standard input, carries it out and answers
 * with one line: {"ok":true,...} or {"ok":false,"error":"..."}. The member "op" names one of the
 * methods below. Nothing of pagemill and nothing of librdkafka is in it, so it can judge both. */

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public final class Tool {
	private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(128 << 20).build())
		.build());
	private static final long PATIENCE_S = 60;

	private final String bootstrap;
	private final Admin admin;

	private Tool(String bootstrap) {
		this.bootstrap = bootstrap;
		Properties p = new Properties();
		p.put("bootstrap.servers", bootstrap);
		admin = Admin.create(p);
	}

	public static void main(String[] args) throws IOException {
		Tool tool = new Tool(args[0]);
		BufferedReader in = new BufferedReader(
			new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line; (line = in.readLine()) != null; ) {
			ObjectNode answer = JSON.createObjectNode().put("ok", true);
			try {
				tool.obey(JSON.readTree(line), answer);
			} catch (Exception e) {
				Throwable cause = e.getCause() == null ? e : e.getCause();
				answer.put("ok", false).put("error", cause.toString());
			}
			System.out.println(answer);
		}
		System.exit(0);
	}

	private void obey(JsonNode ask, ObjectNode answer) throws Exception {
		switch (ask.get("op").asText()) {
		case "create": create(ask); break;
		case "delete": delete(ask); break;
		case "produce": produce(ask, answer); break;
		case "feed": feed(ask, answer); break;
		case "bulk": bulk(ask, answer); break;
		case "dump": dump(ask, answer); break;
		case "ends": ends(ask, answer); break;
		case "committed": committed(ask, answer); break;
		case "commit": commit(ask); break;
		case "group": group(ask, answer); break;
		case "trim": trim(ask); break;
		default: throw new IllegalArgumentException("no such op");
		}
	}

	/* {topic, partitions, config: {name: value}} */
	private void create(JsonNode ask) throws Exception {
		Map<String, String> config = new HashMap<>();
		ask.path("config").fields()
			.forEachRemaining(e -> config.put(e.getKey(), e.getValue().asText()));
		NewTopic topic = new NewTopic(ask.get("topic").asText(),
			ask.path("partitions").asInt(1), (short) 1);
		admin.createTopics(List.of(topic.configs(config))).all()
			.get(PATIENCE_S, TimeUnit.SECONDS);
		/* The controller has it; the broker, whom clients ask, hears of it a moment later. */
		while (!admin.listTopics().names().get(PATIENCE_S, TimeUnit.SECONDS).contains(topic.name()))
			Thread.sleep(10);
	}

	/* {topic} */
	private void delete(JsonNode ask) throws Exception {
		admin.deleteTopics(List.of(ask.get("topic").asText())).all()
			.get(PATIENCE_S, TimeUnit.SECONDS);
	}

	private KafkaProducer<byte[], byte[]> producer(String compression) {
		Properties p = new Properties();
		p.put("bootstrap.servers", bootstrap);
		p.put("acks", "all");
		p.put("compression.type", compression);
		p.put("max.request.size", 128 << 20);
		p.put("buffer.memory", 192 << 20);
		p.put("batch.size", 512 << 10);
		p.put("linger.ms", 5);
		return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
	}

	private static byte[] bytes(JsonNode node, String name) {
		JsonNode base64 = node.get(name + "_base64");
		if (base64 != null)
			return Base64.getDecoder().decode(base64.asText());
		return text(node.get(name));
	}

	private static byte[] text(JsonNode node) {
		return node == null || node.isNull() ? null : utf8(node.asText());
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/* {topic, file}: a line of the file is {key, value, headers: [[name, text or null]...],
	 * timestamp, partition}; key and value as text, as *_base64, or null when absent. Without a
	 * partition Java's default partitioner chooses. The answer has [partition, offset] of each. */
	private void produce(JsonNode ask, ObjectNode answer) throws Exception {
		String topic = ask.get("topic").asText();
		List<Future<RecordMetadata>> sent = new ArrayList<>();
		try (KafkaProducer<byte[], byte[]> to = producer("none");
				BufferedReader in = Files.newBufferedReader(Path.of(ask.get("file").asText()))) {
			for (String line; (line = in.readLine()) != null; ) {
				JsonNode r = JSON.readTree(line);
				List<Header> headers = new ArrayList<>();
				for (JsonNode h : r.path("headers"))
					headers.add(new RecordHeader(h.get(0).asText(), text(h.get(1))));
				sent.add(to.send(new ProducerRecord<>(topic,
					r.has("partition") ? r.get("partition").asInt() : null,
					r.has("timestamp") ? r.get("timestamp").asLong() : null,
					bytes(r, "key"), bytes(r, "value"), headers)));
			}
		}
		ArrayNode placed = answer.putArray("placed");
		for (Future<RecordMetadata> f : sent)
			placed.addArray().add(f.get().partition()).add(f.get().offset());
	}

	/* {topic, partitions, folder, from, to, per_second}: envelopes of the pages that
	 * FOLDER/meta.jsonl names, of lines [from, to), page i to partition i % partitions, keyed by
	 * url. Pages with "text" there go as "body", others as "body_base64". */
	private void feed(JsonNode ask, ObjectNode answer) throws Exception {
		String topic = ask.get("topic").asText();
		int partitions = ask.get("partitions").asInt();
		int to = ask.get("to").asInt();
		double rate = ask.path("per_second").asDouble(1e9);
		Path folder = Path.of(ask.get("folder").asText());
		List<String> lines = Files.readAllLines(folder.resolve("meta.jsonl"));
		List<Future<RecordMetadata>> sent = new ArrayList<>();
		long start = System.nanoTime();
		try (KafkaProducer<byte[], byte[]> p = producer("zstd")) {
			for (int i = ask.path("from").asInt(0); i < to; i++) {
				ObjectNode meta = (ObjectNode) JSON.readTree(lines.get(i));
				byte[] page = Files.readAllBytes(folder.resolve(meta.remove("file").asText()));
				if (meta.remove("text").asBoolean())
					meta.put("body", new String(page, StandardCharsets.UTF_8));
				else
					meta.put("body_base64", Base64.getEncoder().encodeToString(page));
				long due = start + (long) (sent.size() / rate * 1e9);
				for (long left; (left = due - System.nanoTime()) > 0; )
					Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
				sent.add(p.send(new ProducerRecord<>(topic, i % partitions,
					utf8(meta.get("url").asText()), JSON.writeValueAsBytes(meta))));
			}
		}
		for (Future<RecordMetadata> f : sent)
			f.get();
		answer.put("count", sent.size());
	}

	/* {topic, partitions, bytes, page}: as many envelopes of `page` bytes as make `bytes`. They
	 * compress about as well as pages do; one that shrank to nothing would be a bomb, no page. */
	private void bulk(JsonNode ask, ObjectNode answer) throws Exception {
		int partitions = ask.get("partitions").asInt();
		int page = ask.get("page").asInt();
		long count = ask.get("bytes").asLong() / page;
		Random random = new Random(7);
		String[] words = new String[3000];
		for (int i = 0; i < words.length; i++)
			words[i] = letters(random, 2 + random.nextInt(9));
		String[] bodies = new String[64];
		for (int i = 0; i < bodies.length; i++) {
			StringBuilder text = new StringBuilder("<!doctype html><title>Backlog</title>");
			while (text.length() < page)
				text.append(random.nextInt(40) == 0 ? "</p>\n<p class=\"text\">" : " ")
					.append(words[random.nextInt(words.length)]);
			bodies[i] = JSON.writeValueAsString(text.substring(0, page - 120));
		}
		List<Future<RecordMetadata>> sent = new ArrayList<>();
		try (KafkaProducer<byte[], byte[]> to = producer("zstd")) {
			for (long i = 0; i < count; i++) {
				String url = "http://backlog.example/" + i;
				String body = bodies[(int) (i % bodies.length)];
				String value = "{\"url\":\"" + url + "\",\"body\":" + body + "}";
				sent.add(to.send(new ProducerRecord<>(ask.get("topic").asText(),
					(int) (i % partitions), null, utf8(value))));
			}
		}
		for (Future<RecordMetadata> f : sent)
			f.get();
		answer.put("count", count);
	}

	private static String letters(Random random, int count) {
		return random.ints(count, 'a', 'z' + 1).collect(StringBuilder::new,
			StringBuilder::appendCodePoint, StringBuilder::append).toString();
	}

	private KafkaConsumer<byte[], byte[]> consumer() {
		Properties p = new Properties();
		p.put("bootstrap.servers", bootstrap);
		p.put("isolation.level", "read_committed");
		p.put("enable.auto.commit", false);
		p.put("auto.offset.reset", "none");
		p.put("fetch.max.bytes", 64 << 20);
		p.put("max.partition.fetch.bytes", 8 << 20);
		return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
	}

	private static List<TopicPartition> partitions(KafkaConsumer<?, ?> from, String topic) {
		List<TopicPartition> all = new ArrayList<>();
		from.partitionsFor(topic).forEach(p -> all.add(new TopicPartition(topic, p.partition())));
		return all;
	}

	/* {topic, file, values}: the topic up to the ends of now, one JSON object a record;
	 * values: false leaves their bytes out. */
	private void dump(JsonNode ask, ObjectNode answer) throws Exception {
		boolean values = ask.path("values").asBoolean(true);
		long count = 0;
		try (KafkaConsumer<byte[], byte[]> from = consumer();
				BufferedWriter out = Files.newBufferedWriter(Path.of(ask.get("file").asText()))) {
			List<TopicPartition> all = partitions(from, ask.get("topic").asText());
			Map<TopicPartition, Long> ends = from.endOffsets(all);
			from.assign(all);
			from.seekToBeginning(all);
			long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
			while (all.stream().anyMatch(p -> from.position(p) < ends.get(p))) {
				if (System.nanoTime() > deadline)
					throw new IOException("the topic's end was not reached");
				for (ConsumerRecord<byte[], byte[]> r : from.poll(Duration.ofMillis(200)))
					if (r.offset() < ends.get(new TopicPartition(r.topic(), r.partition()))) {
						out.write(line(r, values).toString());
						out.newLine();
						count++;
					}
			}
		}
		answer.put("count", count);
	}

	private static ObjectNode line(ConsumerRecord<byte[], byte[]> r, boolean values) {
		ObjectNode o = JSON.createObjectNode().put("partition", r.partition())
			.put("offset", r.offset()).put("timestamp", r.timestamp());
		o.put("key_base64", base64(r.key()));
		ArrayNode headers = o.putArray("headers");
		for (Header h : r.headers())
			headers.addArray().add(h.key()).add(base64(h.value()));
		if (values)
			o.put("value_base64", base64(r.value()));
		return o;
	}

	private static String base64(byte[] bytes) {
		return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
	}

	/* {topic}: first and end offset of each partition */
	private void ends(JsonNode ask, ObjectNode answer) {
		try (KafkaConsumer<byte[], byte[]> from = consumer()) {
			List<TopicPartition> all = partitions(from, ask.get("topic").asText());
			all.sort((a, b) -> a.partition() - b.partition());
			Map<TopicPartition, Long> first = from.beginningOffsets(all);
			Map<TopicPartition, Long> ends = from.endOffsets(all);
			ArrayNode f = answer.putArray("first");
			ArrayNode e = answer.putArray("ends");
			for (TopicPartition p : all) {
				f.add(first.get(p));
				e.add(ends.get(p));
			}
		}
	}

	/* {group}: {topic: {partition: offset}} */
	private void committed(JsonNode ask, ObjectNode answer) throws Exception {
		Map<String, Map<String, Long>> by = new TreeMap<>();
		admin.listConsumerGroupOffsets(ask.get("group").asText()).partitionsToOffsetAndMetadata()
			.get(PATIENCE_S, TimeUnit.SECONDS).forEach((p, o) -> {
				if (o != null)
					by.computeIfAbsent(p.topic(), t -> new TreeMap<>())
						.put("" + p.partition(), o.offset());
			});
		answer.set("committed", JSON.valueToTree(by));
	}

	/* {group, topic, offsets: [of partition 0, 1, ...]}: the group must have no members */
	private void commit(JsonNode ask) throws Exception {
		Map<TopicPartition, OffsetAndMetadata> to = new HashMap<>();
		for (int i = 0; i < ask.get("offsets").size(); i++)
			to.put(new TopicPartition(ask.get("topic").asText(), i),
				new OffsetAndMetadata(ask.get("offsets").get(i).asLong()));
		admin.alterConsumerGroupOffsets(ask.get("group").asText(), to).all()
			.get(PATIENCE_S, TimeUnit.SECONDS);
	}

	/* {group}: state, and how many partitions each member has */
	private void group(JsonNode ask, ObjectNode answer) throws Exception {
		String name = ask.get("group").asText();
		ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(name)).all()
			.get(PATIENCE_S, TimeUnit.SECONDS).get(name);
		Collection<MemberDescription> members = group.members();
		answer.put("state", group.state().toString());
		ArrayNode a = answer.putArray("members");
		members.forEach(m -> a.add(m.assignment().topicPartitions().size()));
	}

	/* {topic, before}: removes the records before that offset from every partition */
	private void trim(JsonNode ask) throws Exception {
		Map<TopicPartition, RecordsToDelete> to = new HashMap<>();
		try (KafkaConsumer<byte[], byte[]> from = consumer()) {
			for (TopicPartition p : partitions(from, ask.get("topic").asText()))
				to.put(p, RecordsToDelete.beforeOffset(ask.get("before").asLong()));
		}
		admin.deleteRecords(to).all().get(PATIENCE_S, TimeUnit.SECONDS);
	}
}
