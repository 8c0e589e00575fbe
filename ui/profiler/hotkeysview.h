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

/// Shows where the load is: nodes as tiles coloured by their load, and the most used keys with an explanation of the
/// numbers. GUI thread.
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
    [[nodiscard]] QString notes() const; ///< text of what the numbers mean, or why there are none

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
    quint64 m_serial = 0; ///< number of the measurement; results of older ones are dropped
    int m_underway = 0; ///< nodes that have not reported yet
    std::optional<Error> m_ask; ///< error that requests confirmation by the user
    QMap<QString, QString> m_notes; ///< note of each node
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
    std::optional<Figures> m_columnsFor; ///< kind of numbers for which the columns were selected
    qint64 m_seen = 0; ///< number of keys whose counters were read
};

} // namespace slotscope
