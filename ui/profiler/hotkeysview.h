// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/hotkeysmodel.h"
#include "core/session/remote.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;

namespace slotscope {

class ElidedLabel;
class NodeTiles;
class PageContext;
class TableView;
struct Place;

/// Where the work is: the nodes as tiles by what they do, and the keys that are used most, with what the figures stand
/// for. GUI thread.
class HotKeysView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HotKeysView)
public:
    explicit HotKeysView(PageContext &context, QWidget *parent = nullptr);
    ~HotKeysView() override;

    void setView(const ClusterViewPtr &view);
    void start(UserConsent consent = UserConsent::None);
    void stop();
    [[nodiscard]] bool isRunning() const { return m_underway > 0; }
    [[nodiscard]] HotKeysModel &model() { return m_model; }
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] NodeTiles *tiles() const { return m_tiles; }
    [[nodiscard]] QPushButton *startButton() const { return m_start; }
    [[nodiscard]] QString notes() const; ///< what the figures stand for, and why there are none

Q_SIGNALS:
    void runningChanged(bool running);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void takeDoor();
    void takeTold(const QByteArray &nodeId, const Result<NodeHotKeys> &told);
    void askFor(const Error &error);
    void fillMenu(QMenu *menu, int row);
    void showColumns();
    [[nodiscard]] Place placeOf(const QByteArray &key) const;
    void updateTiles();
    void updateAll();

    PageContext &m_context;
    HotKeysModel m_model;
    std::unique_ptr<Remote<HotKeysReader>> m_reader; ///< null without a session
    quint64 m_serial = 0; ///< of the run
    int m_underway = 0; ///< nodes that have not told yet
    std::optional<Error> m_ask; ///< what a node wants agreed to first
    QMap<QString, QString> m_notes; ///< by node
    QTimer m_tilesTimer;
    NodeTiles *m_tiles;
    QComboBox *m_metric, *m_time;
    QPushButton *m_start;
    TableView *m_table;
    QLabel *m_note;
    ElidedLabel *m_keysNote = nullptr;
    struct Figures
    {
        bool measured = false, counters = false;
        friend bool operator==(const Figures &, const Figures &) = default;
    };
    std::optional<Figures> m_columnsFor; ///< what the columns were chosen for
    qint64 m_seen = 0; ///< keys whose counters were read
};

} // namespace slotscope
