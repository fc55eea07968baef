#pragma once

#include "bot/answer.hpp"
#include "bot/engine.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::bot {

/// What is sent at the end of a task, good or bad. CHECKs that the delivery has a task.
Answer result_answer(const ClaimedDelivery& delivery, const Engine& engine);

/// "−2 · 18 left": what it cost and the balance after it; an answer that was ready already says so.
std::string receipt(Language language, const TaskRecord& task, Credits balance);

/// Why there are not enough credits: the price, the balance, and what is only set aside for work
/// that is still running.
std::string insufficient_text(Language language, Credits price, const Account& account);

}  // namespace mlbilling::bot
