// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/scanrequest.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Progress of a scan on each node, as a bar in the shard's colour.
class ScanTrack final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScanTrack)
public:
    explicit ScanTrack(const Theme &theme, QWidget *parent = nullptr);
    /// `colours`: for each node an index into the shard palette.
    void setProgress(const ScanProgress &progress, const QList<int> &colours);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRectF barOf(int node) const;
    [[nodiscard]] QString words(const ScanProgress::Node &node) const;

    const Theme &m_theme;
    ScanProgress m_progress;
    QList<int> m_colours;
};

} // namespace slotscope
