// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "ui/console/consolefeed.h"
#include "ui/console/replyselection.h"
#include "ui/shared/spokenview.h"

#include <QAbstractScrollArea>

namespace slotscope {

class Theme;

/// The replies of a tab, one below the other: a virtual list that reads and paints only what is visible.
class ReplyView final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReplyView)
public:
    ReplyView(ConsoleFeed &feed, const Theme &theme, QWidget *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setSearch(const QString &text); ///< marks matches and goes to the next one
    void findNext(bool backwards);
    [[nodiscard]] quint64 currentEntry() const { return m_current; }
    void setCurrentEntry(quint64 entry);
    void scrollToEnd();

    /// The painted text of a block, for tests and for copying: its head, then the lines read so far.
    [[nodiscard]] QStringList textOf(quint64 entry) const;
    [[nodiscard]] QString selectedText() const; ///< also empty if a selected line was not read yet
    [[nodiscard]] QRect rectOf(quint64 entry) const; ///< rectangle of the block's head, in viewport coordinates
    [[nodiscard]] QRect actionRect(quint64 entry, int action) const; ///< rectangle of a button below an error

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override; ///< first lines of the current reply
    [[nodiscard]] QRect spokenPartRect() const override { return rectOf(m_current); }

    enum class Action : quint8 { Divide, CopyGrant, OnlyDifferences };

Q_SIGNALS:
    void actionRequested(quint64 entry, slotscope::ReplyView::Action action);
    void menuRequested(quint64 entry, const QPoint &globalPosition);
    void nodeRequested(const QByteArray &nodeId);
    void editorRequested(); ///< move the focus back to the editor

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Place
    {
        quint64 entry = 0;
        qint64 top = 0, height = 0;
    };
    struct Hit
    {
        QRect rect; ///< in viewport coordinates
        quint64 entry = 0;
        Action action = Action::Divide;
        QByteArray node; ///< a node's name that links to the node
    };

    void layOut();
    void updateBars();
    [[nodiscard]] qint64 offset() const;
    [[nodiscard]] qint64 heightOf(const ConsoleBlock &block) const;
    [[nodiscard]] int tableHeight(const ConsoleBlock &block) const;
    [[nodiscard]] QStringList notesOf(const ConsoleBlock &block) const;
    [[nodiscard]] QString headRight(const ConsoleBlock &block) const;
    [[nodiscard]] const Place *placeAt(int y) const;
    [[nodiscard]] std::optional<ReplyPoint> pointAt(const QPoint &point, quint64 entry) const;
    [[nodiscard]] bool selectWord(const QPoint &point);
    void copySelection();
    void paintBlock(QPainter &painter, const ConsoleBlock &block, int top);
    void paintHead(QPainter &painter, const ConsoleBlock &block, int top);
    void paintLines(QPainter &painter, const ConsoleBlock &block, int &y);
    void paintCells(QPainter &painter, const ConsoleBlock &block, int &y);
    void paintBroadcast(QPainter &painter, const ConsoleBlock &block, int &y);
    void paintTransposed(QPainter &painter, const ConsoleBlock &block, int &y);
    void paintHelp(QPainter &painter, const ConsoleBlock &block, int &y);
    /// Returns the x at which the line ends.
    int paintLine(QPainter &painter, const QRect &rect, const QString &line, bool isError,
                  std::pair<int, int> selected) const;
    void paintButton(QPainter &painter, const QRect &rect, const QString &text, quint64 entry, Action action);
    void paintNodeName(QPainter &painter, QRect rect, const ConsoleOutcome &outcome, Qt::Alignment alignment);
    [[nodiscard]] static QString stateWord(const ConsoleOutcome &outcome); ///< empty: the node replied
    [[nodiscard]] QColor colourOf(const QByteArray &nodeId) const;
    [[nodiscard]] int helpTextHeight(const ConsoleBlock &block) const;
    [[nodiscard]] int helpHeight(const ConsoleBlock &block) const;

    ConsoleFeed &m_feed;
    const Theme &m_theme;
    ClusterViewPtr m_clusterView;
    std::vector<Place> m_places;
    qint64 m_total = 0;
    qint64 m_unit = 1; ///< pixels per step of the scroll bar
    quint64 m_current = 0;
    QString m_search;
    ReplySelection m_selection;
    std::vector<Hit> m_hits; ///< clickable areas of the last painting
    int m_widest = 0; ///< px of the widest line painted so far, which the horizontal scroll bar reaches
    bool m_sticksToEnd = true;
    QHash<quint64, QVector<int>> m_columns; ///< column widths of a table, from the cells seen so far
};

} // namespace slotscope
