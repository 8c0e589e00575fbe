// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/commandsreader.h"
#include "core/session/remote.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QTreeWidget;

namespace slotscope {

class ElidedLabel;
class PageContext;
class PlotCanvas;

/// Commands that the servers run: the most frequent ones over time, and a table of all. Reads INFO commandstats while
/// it is visible.
class CommandsBoard final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandsBoard)
public:
    static constexpr size_t mostLines = 6;

    explicit CommandsBoard(PageContext &context, QWidget *parent = nullptr);
    ~CommandsBoard() override;

    void setSpan(qint64 milliseconds); ///< duration shown, up to now
    [[nodiscard]] const CommandsWindow &window() const { return m_window; }
    [[nodiscard]] QTreeWidget *table() const { return m_table; }
    [[nodiscard]] QComboBox *whereField() const { return m_where; }
    [[nodiscard]] QString note() const;
    [[nodiscard]] QByteArray csv() const;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void layOut();
    void takeDoor();
    void fillWhere();
    void read(bool on);
    void ask();
    void take(const CommandsWindow &window);
    void draw();
    void fillTable();
    void updateNote();
    void dress();
    [[nodiscard]] CommandsQuery query() const;

    PageContext &m_context;
    std::unique_ptr<Remote<CommandsReader>> m_reader;
    std::shared_ptr<CommandBook> m_book;
    CommandsWindow m_window;
    CommandsRead m_read;
    QTimer m_timer;
    qint64 m_span = 300'000, m_to = 0;
    bool m_isAsking = false;
    quint64 m_generation = 0;
    QComboBox *m_where;
    ElidedLabel *m_note;
    PlotCanvas *m_canvas;
    QTreeWidget *m_table;
};

} // namespace slotscope
