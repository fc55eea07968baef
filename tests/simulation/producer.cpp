#include "simulation/producer.hpp"

#include "protocol/messages.hpp"

namespace mlbilling::simulation {
namespace {

QueueName replies() { return QueueName("replies.of.another"); }

}  // namespace

void Producer::ask(TelegramId user, std::string name) {
    asked_.push_back({user, std::move(name), "foreign" + std::to_string(asked_.size())});
    publish(asked_.back());
    if (world_.dice.between(0, 2) == 0)
        publish(asked_[static_cast<std::size_t>(
            world_.dice.between(0, static_cast<std::int64_t>(asked_.size()) - 1))]);
}

void Producer::publish(const Asked& asked) {
    Message message;
    message.body = R"({"user_id":)" + std::to_string(asked.user.value()) +
                   R"(,"type":"text","task_id":")" + asked.name + R"(","data":")" + asked.text +
                   R"("})";
    message.message_id = asked.name;
    message.correlation_id = asked.name + "/" + asked.text;
    message.reply_to = replies().value();
    correlations_.insert(message.correlation_id);
    broker_.put(task_queue(), std::move(message));
}

void Producer::read_replies() {
    for (const auto& message : broker_.drain(replies())) {
        const auto reply = parse_reply_message(message.body);
        if (!reply) {
            complaints_.emplace_back("a producer got a reply that it cannot read");
        } else if (!correlations_.contains(message.correlation_id)) {
            complaints_.push_back("a producer got a reply that it never asked for: " +
                                  message.correlation_id);
        } else if (!message.correlation_id.starts_with(reply->task.value() + "/")) {
            complaints_.push_back("a producer got a reply about another name: " +
                                  reply->task.value() + " for " + message.correlation_id);
        }
    }
}

}  // namespace mlbilling::simulation
