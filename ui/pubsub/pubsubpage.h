// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/pubsubmodels.h"
#include "ui/pubsub/messagepreviews.h"
#include "ui/pubsub/pubsubfeed.h"
#include "ui/pubsub/subscriptioncolours.h"
#include "ui/shared/page.h"

class QCheckBox;
class QComboBox;
class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace slotscope {

class ElidedLabel;
class EmptyState;
class MessageDetail;
class RatePlot;
class SubscriptionList;
class TableView;
class Theme;

/// Pub/Sub page: subscriptions, their messages, active channels, and publishing.
class PubSubPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PubSubPage)
public:
    explicit PubSubPage(PageContext &context, QWidget *parent = nullptr);
    ~PubSubPage() override;

    void setView(const slotscope::ClusterViewPtr &view) override;
    void readAgain() override;
    bool closeDetail() override; ///< shows the messages of all subscriptions again
    [[nodiscard]] QString heldHere() const override;
    [[nodiscard]] bool isFilled() const override { return m_hasChannels; }
    void showExample() override;

    void setLive(bool live);
    void publish();
    [[nodiscard]] bool isLive() const { return m_isLive; }
    [[nodiscard]] const PubSubSnapshot &snapshot() const { return m_snapshot; }
    [[nodiscard]] const PubSubMessagesModel &messages() const { return m_messagesModel; }
    [[nodiscard]] TableView *messagesTable() const { return m_messages; }
    [[nodiscard]] TableView *channelsTable() const { return m_channels; }
    [[nodiscard]] SubscriptionList *subscriptionList() const { return m_list; }
    [[nodiscard]] QString subtitle() const;
    [[nodiscard]] QString droppedText() const;
    [[nodiscard]] QString noticeText() const; ///< text about refusals or failed sending; empty: none
    [[nodiscard]] QString detailText() const;
    [[nodiscard]] QString publishedText() const;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeHead();
    QFrame *makeSubscriptions();
    QFrame *makeChannels();
    QFrame *makeMessages();
    QFrame *makePublish();
    QWidget *makeBody();
    void fillFormats();
    void connectParts();
    void connectActs();
    void subscribe();
    void subscribeTo(const SubscriptionOrder &order);
    void takeSnapshot(const PubSubSnapshot &snapshot);
    void takeSession();
    void takeMessages();
    void takeChannels(const ActiveChannels &channels);
    void takeFilter();
    void showMessage(const PubSubMessagePtr &message);
    void takePublished(const NodeReplies &replies, const QByteArray &channel, bool shard);
    void save();
    void updateHead();
    void updateNotice();
    void updateWriting();

    const Theme &m_theme;
    PubSubFeed m_feed;
    PubSubMessagesModel m_messagesModel;
    ActiveChannelsModel m_channelsModel;
    MessagePreviews m_previews;
    SubscriptionColours m_colours;
    PubSubSnapshot m_snapshot;
    QHash<int, SubscriptionOrder> m_orders; ///< includes ended subscriptions, whose messages may still be kept
    bool m_isLive = true, m_hasChannels = false;
    QString m_failure; ///< error of the last action
    QStringList m_channelProblems;
    ElidedLabel *m_subtitle = nullptr, *m_dropped = nullptr, *m_listNote = nullptr, *m_channelsNote = nullptr;
    ElidedLabel *m_published = nullptr;
    QLabel *m_notice = nullptr;
    QPushButton *m_live = nullptr, *m_save = nullptr, *m_clear = nullptr, *m_subscribe = nullptr, *m_showAll = nullptr;
    QPushButton *m_readChannels = nullptr, *m_publish = nullptr;
    QComboBox *m_keep = nullptr, *m_kind = nullptr, *m_format = nullptr;
    QLineEdit *m_name = nullptr, *m_search = nullptr, *m_publishChannel = nullptr, *m_publishMessage = nullptr;
    QCheckBox *m_publishShard = nullptr;
    SubscriptionList *m_list = nullptr;
    RatePlot *m_plot = nullptr;
    TableView *m_messages = nullptr, *m_channels = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
    MessageDetail *m_detail = nullptr; ///< hidden until a message is selected
    QSplitter *m_split = nullptr, *m_left = nullptr, *m_right = nullptr;
};

} // namespace slotscope
