#!/bin/bash
# The command line tools of the official image, told apart by the name they are called by.
case "$(basename "$0")" in
  kafka-server-start.sh) main=kafka.Kafka ;;
  kafka-storage.sh) main=kafka.tools.StorageTool ;;
  kafka-topics.sh) main=org.apache.kafka.tools.TopicCommand ;;
  kafka-configs.sh) main=kafka.admin.ConfigCommand ;;
  kafka-broker-api-versions.sh) main=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
  kafka-console-producer.sh) main=org.apache.kafka.tools.ConsoleProducer ;;
  kafka-console-consumer.sh) main=org.apache.kafka.tools.consumer.ConsoleConsumer ;;
  kafka-consumer-groups.sh) main=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand ;;
  *) echo "$(basename "$0"): unknown tool" >&2; exit 1 ;;
esac
# Tools say what they have to say on stdout; only the broker logs.
log4j=/opt/kafka/config/log4j2.yaml
level=WARN
if [ "$main" = kafka.Kafka ]; then level="${KAFKA_LOG4J_ROOT_LOGLEVEL:-INFO}"; fi
exec java ${KAFKA_HEAP_OPTS:--Xmx512m} ${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC -XX:MaxGCPauseMillis=20} \
  -Dkafka.log.level="$level" ${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$log4j} $KAFKA_JMX_OPTS $KAFKA_OPTS \
  -cp '/opt/kafka/libs/*' "$main" "$@"
